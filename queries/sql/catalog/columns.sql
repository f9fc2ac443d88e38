-- Columns of tables, in their order, with the oid of their type.
-- run: psql -v tables={} -f queries/sql/catalog/columns.sql
select
    a.attrelid::int8 as table_oid,
    a.attnum::int8 as number,
    a.attname::text as name,
    a.atttypid::int8 as type_oid,
    a.attnotnull as not_null,
    a.atthasdef as has_default,
    a.attidentity::text as identity,
    a.attgenerated::text as generated,
    a.attcollation::int8 as collation
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as t on t.oid = a.attrelid
where t.relkind in ('r', 'p')
  and t.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
  and a.attnum > 0
  and not a.attisdropped
  and (:'tables'::oid[] = '{}' or a.attrelid = any (:'tables'::oid[]))
order by a.attrelid, a.attnum
