-- Sessions with locks on any of the given tables, oldest transaction first.
-- run: psql -v tables={} -v pid=1 -v readers_too=true -f queries/sql/locks/holders.sql
select distinct on (s.xact_start, s.pid)
    s.pid::int8 as pid,
    s.usename::text as role,
    s.application_name as application,
    nullif(s.query, '<insufficient privilege>') as query,
    extract(epoch from pg_catalog.clock_timestamp() - s.xact_start)::float8 as seconds
from pg_catalog.pg_locks as k
join pg_catalog.pg_stat_activity as s on s.pid = k.pid
where k.locktype = 'relation'
  and k.relation = any (:'tables'::oid[])
  and k.granted
  and (:'readers_too'::bool or k.mode <> 'AccessShareLock')
  and k.pid <> all (array[:'pid'::int8, pg_catalog.pg_backend_pid()])
order by s.xact_start, s.pid
