-- Have values written so that they are read back as they are, and rows fetched by where they lie.
-- run: psql -f queries/sql/impact/exact.sql
select
    pg_catalog.set_config('datestyle', 'ISO, YMD', true) as datestyle,
    pg_catalog.set_config('intervalstyle', 'postgres', true) as intervalstyle,
    pg_catalog.set_config('extra_float_digits', '1', true) as extra_float_digits,
    pg_catalog.set_config('bytea_output', 'hex', true) as bytea_output,
    pg_catalog.set_config('lc_monetary', 'C', true) as lc_monetary,
    pg_catalog.set_config('xmloption', 'content', true) as xmloption,
    pg_catalog.set_config('enable_seqscan', 'off', true) as seqscan,
    pg_catalog.set_config('enable_hashjoin', 'off', true) as hashjoin,
    pg_catalog.set_config('enable_mergejoin', 'off', true) as mergejoin
order by 1
