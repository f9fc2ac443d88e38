-- The number of the transaction that is open: a statement of a person's own must not have ended it.
-- run: psql -f queries/sql/apply/transaction.sql
select pg_catalog.pg_current_xact_id()::text as id
order by 1
