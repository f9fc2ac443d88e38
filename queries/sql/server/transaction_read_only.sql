-- Whether the transaction that is open may not write.
-- run: psql -f queries/sql/server/transaction_read_only.sql
select pg_catalog.current_setting('transaction_read_only')::bool as read_only
