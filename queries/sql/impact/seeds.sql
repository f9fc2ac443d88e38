-- The rows that a DELETE's own condition takes, in the order in which the server comes upon them.
-- run: psql -v table=pg_catalog.pg_class -v texts='array[relname::text]' -v condition="relkind = 'r'" -f queries/sql/impact/seeds.sql
select
    :table.tableoid::int8 as table_oid,
    :table.ctid::text as row,
    :texts as texts
from :table
where :condition
