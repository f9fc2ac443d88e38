-- Wait at most a second for a lock and thirty for a statement, in this transaction.
-- run: psql -f queries/sql/probe/limits.sql
select
    pg_catalog.set_config('lock_timeout', '1s', true) as lock_timeout,
    pg_catalog.set_config('statement_timeout', '30s', true) as statement_timeout
