-- Rows of a table in the order of a key, from a place in it on, every value as text.
-- run: psql -v columns='t.id::text' -v table=public.orders -v place=true -v match=true -v sorting='t.id' -v most=200 -f queries/sql/rows/page.sql
select
    :columns
from :table as t
where :place
  and :match
order by :sorting
limit :'most'::int8
