-- Have values written out whole, and rows come as one process finds them, until the transaction's end.
-- run: psql -f queries/sql/impact/settings.sql
select
    pg_catalog.set_config('extra_float_digits', '1', true) as extra_float_digits,
    pg_catalog.set_config('bytea_output', 'hex', true) as bytea_output,
    pg_catalog.set_config('max_parallel_workers_per_gather', '0', true) as workers
order by 1
