-- Values out of an earlier answer, one row a place.
-- run: psql -v columns='k.v0 as relkind' -v arrays="pg_catalog.unnest('{r,v}'::text[])" -v names=v0 -f queries/sql/impact/passed.sql
select :columns
from rows from (:arrays) as k (:names)
