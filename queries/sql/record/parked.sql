-- How many rows a run has parked, by step and table.
-- run: psql -f queries/sql/record/schema.sql -v run=0 -f queries/sql/record/parked.sql
select
    p.run::int8 as run,
    p.step as step,
    p.relation as relation,
    p.change as change,
    count(*)::int8 as rows
from pgtether.parked_row as p
where :'run'::bigint in (0, p.run)
group by p.run, p.step, p.relation, p.change
order by p.run, p.step, p.relation, p.change
