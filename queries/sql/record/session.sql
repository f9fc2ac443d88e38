-- The session of that process, while it is there.
-- run: psql -v pid=1 -f queries/sql/record/session.sql
select s.pid::int8 as pid
from pg_catalog.pg_stat_activity as s
where s.pid = :'pid'::int8
order by s.pid
