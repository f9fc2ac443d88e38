-- The rows that a DELETE's own condition takes, counted, with where they lie and what keys refer to in arrays.
-- run: psql -v table=pg_catalog.pg_class -v collected='' -v condition="relkind = 'r'" -f queries/sql/impact/seeded.sql
select
    pg_catalog.count(*)::int8 as rows,
    0::int8 as keys
    :collected,
    pg_catalog.array_agg(:table.tableoid) as oids,
    pg_catalog.array_agg(:table.ctid) as tids
from :table
where :condition
order by 1
