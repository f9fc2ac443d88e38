-- Some rows of a table that has no key to read on by, every value as text.
-- run: psql -v columns='t.id::text' -v table=public.orders -v match=true -v most=200 -f queries/sql/rows/unordered.sql
select
    :columns
from (
    select t.*
    from :table as t
    where :match
    limit :'most'::int8
) as t
order by 1
