-- Sessions that wait for a lock of the given one, longest first.
-- run: psql -v pid=1 -f queries/sql/locks/waiting.sql
select
    s.pid::int8 as pid,
    s.usename::text as role,
    s.application_name as application,
    nullif(s.query, '<insufficient privilege>') as query,
    extract(epoch from pg_catalog.clock_timestamp() - s.state_change)::float8 as seconds
from pg_catalog.pg_stat_activity as s
where :'pid'::int8 = any (pg_catalog.pg_blocking_pids(s.pid))
order by s.state_change, s.pid
