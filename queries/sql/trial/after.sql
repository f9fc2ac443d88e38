-- Of those children, how many are still there, and in how many of them the key's columns are null.
-- run: psql -v identity='array[c.id::text]::text' -v child=orders -v is_null='c.customer_id is null' -v children='{"{1}"}' -f queries/sql/trial/after.sql
select
    pg_catalog.count(*)::int8 as kept,
    pg_catalog.count(*) filter (where :is_null)::int8 as nulled
from :child as c
where :identity = any (:'children'::text[])
order by 1
