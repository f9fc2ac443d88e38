-- The schemas in which a bare name is looked for, in order.
-- run: psql -f queries/sql/catalog/search_path.sql
select pg_catalog.current_schemas(false)::text[] as search_path
