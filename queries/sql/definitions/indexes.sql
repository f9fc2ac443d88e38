-- Indexes of tables as PostgreSQL would create them, with what a definition does not hold.
-- run: psql -v tables={} -f queries/sql/definitions/indexes.sql
select
    i.indrelid::int8 as table_oid,
    r.relname::text as name,
    pg_catalog.pg_get_indexdef(i.indexrelid) as definition,
    i.indisvalid as valid,
    i.indisclustered as clustered,
    i.indisreplident as replica_identity,
    pg_catalog.obj_description(i.indexrelid, 'pg_class') as comment
from pg_catalog.pg_index as i
join pg_catalog.pg_class as r on r.oid = i.indexrelid
where i.indrelid = any (:'tables'::oid[])
order by i.indrelid, r.relname
