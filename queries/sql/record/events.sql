-- Events of runs in the order in which they came.
-- run: psql -f queries/sql/record/schema.sql -v run=0 -f queries/sql/record/events.sql
select
    e.run::int8 as run,
    e.step as step,
    e.kind as kind,
    e.at as at,
    e.detail as detail
from pgtether.event as e
where :'run'::bigint in (0, e.run)
order by e.run, e.event
