-- Limits of a rehearsal, until the transaction's end, and whether the server counts what it does.
-- run: psql -v lock_timeout=1s -v statement_timeout=30s -f queries/sql/impact/limits.sql
select
    pg_catalog.set_config('lock_timeout', :'lock_timeout'::text, true) as lock_timeout,
    pg_catalog.set_config('statement_timeout', :'statement_timeout'::text, true) as statement_timeout,
    pg_catalog.current_setting('track_counts')::bool as counts
order by 1
