-- Who holds the lock that keeps two runs apart.
-- run: psql -f queries/sql/record/lock_holder.sql
select
    k.pid::int8 as pid,
    s.usename::text as role,
    s.application_name as application,
    nullif(s.query, '<insufficient privilege>') as query,
    extract(epoch from pg_catalog.clock_timestamp() - s.backend_start)::float8 as seconds
from pg_catalog.pg_locks as k
left join pg_catalog.pg_stat_activity as s on s.pid = k.pid
where k.locktype = 'advisory'
  and k.classid = 1885825140
  and k.objid = 1
  and k.granted
  and k.database = (
      select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
  )
order by k.pid
