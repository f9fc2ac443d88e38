-- Have every value written so that it is read back as it is, until the transaction's end.
-- run: psql -f queries/sql/impact/exact.sql
select
    pg_catalog.set_config('datestyle', 'ISO, YMD', true) as datestyle,
    pg_catalog.set_config('intervalstyle', 'postgres', true) as intervalstyle,
    pg_catalog.set_config('extra_float_digits', '1', true) as extra_float_digits,
    pg_catalog.set_config('bytea_output', 'hex', true) as bytea_output,
    pg_catalog.set_config('lc_monetary', 'C', true) as lc_monetary,
    pg_catalog.set_config('xmloption', 'content', true) as xmloption
order by 1
