-- Count a child's rows, those that nulls keep out of the key, and those that no parent rows together cover.
-- run: psql -v child=pg_catalog.pg_class -v keyed='c.relam is not null' -v orphan='c.relam = 0' -f queries/sql/orphans/count_temporal.sql
select
    pg_catalog.count(*)::int8 as rows,
    pg_catalog.count(*) filter (where not (:keyed))::int8 as null_rows,
    pg_catalog.count(*) filter (where :orphan)::int8 as orphans
from :child as c
