-- How many rows a table has, and a checksum of them all in whatever order they lie.
-- run: psql -v table=orders -f queries/sql/checksums/rows.sql
select
    pg_catalog.count(*)::int8 as rows,
    pg_catalog.md5(coalesce(pg_catalog.string_agg(r.sum, '' order by r.sum), '')) as checksum
from (select pg_catalog.md5((t.*)::text) as sum from :table as t) as r
order by 1
