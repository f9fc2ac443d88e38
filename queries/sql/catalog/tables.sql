-- Tables and partitions with size and estimated rows of the last VACUUM or ANALYZE, all or the given ones.
-- run: psql -v tables={} -f queries/sql/catalog/tables.sql
select
    t.oid::int8 as oid,
    n.nspname::text as schema,
    t.relname::text as name,
    t.relkind::text as kind,
    coalesce(p.inhparent, 0)::int8 as partition_of,
    t.reltuples::float8 as estimate,
    t.relpages::int8 * pg_catalog.current_setting('block_size')::int8 as bytes,
    t.relpages::int8 as pages,
    t.relallvisible::int8 as all_visible,
    pg_catalog.has_schema_privilege(n.oid, 'usage')
        and pg_catalog.has_table_privilege(t.oid, 'select') as readable,
    t.relrowsecurity and pg_catalog.row_security_active(t.oid) as row_security,
    t.relhassubclass and t.relkind = 'r' as inherited
from pg_catalog.pg_class as t
join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
left join pg_catalog.pg_inherits as p on p.inhrelid = t.oid and t.relispartition
where t.relkind in ('r', 'p')
  and n.nspname not in ('pg_catalog', 'information_schema', 'pgtether')
  and n.nspname !~ '^pg_(toast|temp)'
  and (:'tables'::oid[] = '{}' or t.oid = any (:'tables'::oid[]))
  and not exists (
      select from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.objid = t.oid
        and d.deptype = 'e'
  )
order by n.nspname, t.relname
