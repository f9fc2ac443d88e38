-- Values that were read as text, typed again, one row a place.
-- run: psql -v columns='k.v0::int as id' -v arrays="pg_catalog.unnest('{1,2}'::text[])" -v names=v0 -f queries/sql/impact/given.sql
select
    k.place,
    :columns
from rows from (:arrays) with ordinality as k (:names, place)
order by k.place
