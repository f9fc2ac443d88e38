-- Count a child's rows, those that nulls keep out of the key, and those without a parent, in one pass.
-- run: psql -v child=pg_catalog.pg_class -v parent=pg_catalog.pg_am -v keyed='c.relam is not null' -v matches='p.oid = c.relam' -v ref_column=oid -f queries/sql/orphans/count.sql
select
    pg_catalog.count(*)::int8 as rows,
    pg_catalog.count(*) filter (where not (:keyed))::int8 as null_rows,
    pg_catalog.count(*) filter (where (:keyed) and p.:ref_column is null)::int8 as orphans
from :child as c
left join :parent as p on :matches
