-- Set the search path for the rest of the transaction; gives back what it was.
-- run: psql -v path= -f queries/sql/definitions/search_path.sql
select
    pg_catalog.current_setting('search_path') as former,
    pg_catalog.set_config('search_path', :'path'::text, true) as path
order by 1
