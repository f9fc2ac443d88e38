-- The oid of the relation of that name as SQL would find it, null where there is none.
-- run: psql -v name=public.orders -f queries/sql/catalog/table_oid.sql
select pg_catalog.to_regclass(:'name'::text)::oid::int8 as oid
