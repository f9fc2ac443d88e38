-- How a key compares each pair of columns: operator, the casts that its types need, the parent's collation.
-- run: psql -v child=0 -v columns={} -v parent=0 -v ref_columns={} -v operators={} -f queries/sql/orphans/comparisons.sql
select
    k.name,
    k.ref_name,
    n.nspname::text as operator_schema,
    o.oprname::text as operator,
    l.nspname::text as ref_cast_schema,
    y.typname::text as ref_cast,
    r.nspname::text as cast_schema,
    z.typname::text as cast,
    m.nspname::text as collation_schema,
    g.collname::text as collation
from rows from (
    pg_catalog.unnest(:'columns'::text[]),
    pg_catalog.unnest(:'ref_columns'::text[]),
    pg_catalog.unnest(:'operators'::oid[])
) with ordinality as k (name, ref_name, operator_oid, position)
join pg_catalog.pg_attribute as a
    on a.attrelid = :'child'::oid and a.attname = k.name and not a.attisdropped
join pg_catalog.pg_attribute as p
    on p.attrelid = :'parent'::oid and p.attname = k.ref_name and not p.attisdropped
join pg_catalog.pg_operator as o on o.oid = k.operator_oid
join pg_catalog.pg_namespace as n on n.oid = o.oprnamespace
left join pg_catalog.pg_type as y on y.oid = o.oprleft and y.oid <> p.atttypid
left join pg_catalog.pg_namespace as l on l.oid = y.typnamespace
left join pg_catalog.pg_type as z on z.oid = o.oprright and z.oid <> a.atttypid
left join pg_catalog.pg_namespace as r on r.oid = z.typnamespace
left join pg_catalog.pg_collation as g on g.oid = p.attcollation and g.oid <> a.attcollation
left join pg_catalog.pg_namespace as m on m.oid = g.collnamespace
order by k.position
