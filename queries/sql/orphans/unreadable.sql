-- What keeps this role from reading columns of a table: its schema, the columns, row security.
-- run: psql -v table=0 -v columns={} -f queries/sql/orphans/unreadable.sql
select
    not pg_catalog.has_schema_privilege(t.relnamespace, 'usage') as schema_is_closed,
    array(
        select a.attname::text
        from pg_catalog.pg_attribute as a
        where a.attrelid = t.oid
          and a.attname = any (:'columns'::text[])
          and not a.attisdropped
          and not pg_catalog.has_column_privilege(t.oid, a.attnum, 'select')
        order by pg_catalog.array_position(:'columns'::text[], a.attname::text)
    ) as columns,
    pg_catalog.row_security_active(t.oid) as row_security
from pg_catalog.pg_class as t
where t.oid = :'table'::oid
order by t.oid
