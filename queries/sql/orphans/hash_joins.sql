-- Allow hash joins in this transaction, or don't.
-- run: psql -v allowed=off -f queries/sql/orphans/hash_joins.sql
select pg_catalog.set_config('enable_hashjoin', :'allowed'::text, true) as enable_hashjoin
