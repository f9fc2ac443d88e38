-- How foreign keys compare each pair of columns: the operator stored with the key, casts, the parent's collation.
-- run: psql -v keys={} -f queries/sql/impact/comparisons.sql
select
    c.oid::int8 as key_oid,
    a.attname::text as name,
    p.attname::text as ref_name,
    n.nspname::text as operator_schema,
    o.oprname::text as operator,
    l.nspname::text as ref_cast_schema,
    y.typname::text as ref_cast,
    r.nspname::text as cast_schema,
    z.typname::text as cast,
    m.nspname::text as collation_schema,
    g.collname::text as collation,
    x.typname::text as ref_compared,
    w.typname::text as compared
from pg_catalog.pg_constraint as c
cross join rows from (
    pg_catalog.unnest(c.conkey),
    pg_catalog.unnest(c.confkey),
    pg_catalog.unnest(c.conpfeqop)
) with ordinality as k (number, ref_number, operator_oid, position)
join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.number
join pg_catalog.pg_attribute as p on p.attrelid = c.confrelid and p.attnum = k.ref_number
join pg_catalog.pg_operator as o on o.oid = k.operator_oid
join pg_catalog.pg_namespace as n on n.oid = o.oprnamespace
join pg_catalog.pg_type as x on x.oid = o.oprleft
join pg_catalog.pg_type as w on w.oid = o.oprright
left join pg_catalog.pg_type as y on y.oid = o.oprleft and y.oid <> p.atttypid
left join pg_catalog.pg_namespace as l on l.oid = y.typnamespace
left join pg_catalog.pg_type as z on z.oid = o.oprright and z.oid <> a.atttypid
left join pg_catalog.pg_namespace as r on r.oid = z.typnamespace
left join pg_catalog.pg_collation as g on g.oid = p.attcollation and g.oid <> a.attcollation
left join pg_catalog.pg_namespace as m on m.oid = g.collnamespace
where c.oid = any (:'keys'::oid[])
order by c.oid, k.position
