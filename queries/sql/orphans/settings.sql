-- Settings of one transaction for a count that is exact or refused; gives the time limit of a statement (0: none).
-- run: psql -v nested_loops=off -v timeout=60s -f queries/sql/orphans/settings.sql
select
    pg_catalog.set_config('row_security', 'off', true) as row_security,
    -- A hash table that fits the processor's cache: small batches are twice as fast as one large table.
    pg_catalog.set_config('work_mem', '4MB', true) as work_mem,
    pg_catalog.set_config('hash_mem_multiplier', '1', true) as hash_mem_multiplier,
    pg_catalog.set_config('enable_nestloop', :'nested_loops'::text, true) as enable_nestloop,
    pg_catalog.set_config('lock_timeout', '5s', true) as lock_timeout,
    extract(epoch from pg_catalog.set_config(
        'statement_timeout',
        coalesce(:'timeout'::text, pg_catalog.current_setting('statement_timeout')),
        true
    )::interval)::float8 as seconds
