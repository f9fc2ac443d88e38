-- Rows by where they lie in one table.
-- run: psql -v table=pg_catalog.pg_class -v rows={} -v texts='array[c.relname::text]' -f queries/sql/impact/rows.sql
select
    c.tableoid::int8 as table_oid,
    c.ctid::text as row,
    :texts as texts
from only :table as c
where c.ctid = any (:'rows'::tid[])
order by c.ctid
