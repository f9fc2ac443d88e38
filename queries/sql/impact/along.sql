-- Rows that a delete comes to along keys, every value as text: the first of them, which a person reads.
-- run: psql -v columns=c.relname::text -v found=pg_catalog.pg_class -v sorting=c.oid -v most=20 -f queries/sql/impact/along.sql
select
    :columns
from :found as c
order by :sorting
limit :'most'::int8
