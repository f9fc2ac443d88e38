-- Locks that this session holds on tables, other than the weakest.
-- run: psql -f queries/sql/locks/held.sql
select
    n.nspname::text as schema,
    t.relname::text as name,
    k.mode as mode
from pg_catalog.pg_locks as k
join pg_catalog.pg_class as t on t.oid = k.relation
join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
where k.pid = pg_catalog.pg_backend_pid()
  and k.locktype = 'relation'
  and k.database = (
      select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database()
  )
  and k.granted
  and t.relkind in ('r', 'p')
  and n.nspname not in ('pg_catalog', 'pg_toast', 'pgtether')
  and k.mode <> 'AccessShareLock'
order by n.nspname, t.relname, k.mode
