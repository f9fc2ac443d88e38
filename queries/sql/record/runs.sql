-- Runs with their state, newest first.
-- run: psql -f queries/sql/record/schema.sql -v run=0 -f queries/sql/record/runs.sql
select
    s.run::int8 as run,
    s.plan as plan,
    s.state as state,
    s.mode as mode,
    s.started as started,
    s.finished as finished,
    s.by as by,
    r.role as role,
    r.client::text as client,
    r.program as program,
    r.plan_text as plan_text
from pgtether.run_state as s
join pgtether.run as r on r.run = s.run
where :'run'::bigint in (0, s.run)
order by s.run desc
