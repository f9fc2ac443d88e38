-- The tables of the given oids, with their names.
-- run: psql -v tables={} -f queries/sql/definitions/tables.sql
select
    t.oid::int8 as oid,
    n.nspname::text as schema,
    t.relname::text as name,
    t.relkind = 'p' as partitioned
from pg_catalog.pg_class as t
join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
where t.oid = any (:'tables'::oid[])
   or t.oid in (
       select c.conrelid
       from pg_catalog.pg_constraint as c
       where c.contype = 'f'
         and c.confrelid = any (:'tables'::oid[])
       union
       select c.confrelid
       from pg_catalog.pg_constraint as c
       where c.contype = 'f'
         and c.conrelid = any (:'tables'::oid[])
   )
order by n.nspname, t.relname
