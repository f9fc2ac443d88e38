-- Settings of one step, for the rest of the transaction; stored values are read the same way everywhere.
-- run: psql -v lock_timeout=2s -v statement_timeout=10s -v run=1 -v step=a -v search_path= -v row_security=off -f queries/sql/apply/settings.sql
select
    pg_catalog.set_config('lock_timeout', :'lock_timeout'::text, true) as lock_timeout,
    pg_catalog.set_config('statement_timeout', :'statement_timeout'::text, true) as statement_timeout,
    pg_catalog.set_config('search_path', :'search_path'::text, true) as search_path,
    pg_catalog.set_config('pgtether.run', :'run'::text, true) as run,
    pg_catalog.set_config('pgtether.step', :'step'::text, true) as step,
    pg_catalog.set_config('datestyle', 'ISO, YMD', true) as datestyle,
    pg_catalog.set_config('intervalstyle', 'postgres', true) as intervalstyle,
    pg_catalog.set_config('extra_float_digits', '1', true) as extra_float_digits,
    pg_catalog.set_config('bytea_output', 'hex', true) as bytea_output,
    pg_catalog.set_config('lc_monetary', 'C', true) as lc_monetary,
    pg_catalog.set_config('xmloption', 'content', true) as xmloption,
    pg_catalog.set_config('row_security', :'row_security'::text, true) as row_security,
    pg_catalog.set_config('array_nulls', 'on', true) as array_nulls
order by 1
