-- How foreign keys compare each pair of columns: the operator stored with the key, casts, the parent's collation.
-- run: psql -v keys={} -f queries/sql/impact/comparisons.sql
select
    k.key_oid::int8 as key_oid,
    a.attname::text as name,
    p.attname::text as ref_name,
    (select n.nspname::text from pg_catalog.pg_namespace as n where n.oid = o.oprnamespace) as operator_schema,
    o.oprname::text as operator,
    case when o.oprleft <> p.atttypid then (
        select n.nspname::text
        from pg_catalog.pg_type as y
        join pg_catalog.pg_namespace as n on n.oid = y.typnamespace
        where y.oid = o.oprleft
    ) end as ref_cast_schema,
    case when o.oprleft <> p.atttypid then (
        select y.typname::text from pg_catalog.pg_type as y where y.oid = o.oprleft
    ) end as ref_cast,
    case when o.oprright <> a.atttypid then (
        select n.nspname::text
        from pg_catalog.pg_type as y
        join pg_catalog.pg_namespace as n on n.oid = y.typnamespace
        where y.oid = o.oprright
    ) end as cast_schema,
    case when o.oprright <> a.atttypid then (
        select y.typname::text from pg_catalog.pg_type as y where y.oid = o.oprright
    ) end as cast,
    case when p.attcollation <> a.attcollation then (
        select n.nspname::text
        from pg_catalog.pg_collation as g
        join pg_catalog.pg_namespace as n on n.oid = g.collnamespace
        where g.oid = p.attcollation
    ) end as collation_schema,
    case when p.attcollation <> a.attcollation then (
        select g.collname::text from pg_catalog.pg_collation as g where g.oid = p.attcollation
    ) end as collation,
    (select y.typname::text from pg_catalog.pg_type as y where y.oid = o.oprleft) as ref_compared,
    (select y.typname::text from pg_catalog.pg_type as y where y.oid = o.oprright) as compared
from (
    select
        c.oid as key_oid,
        c.conrelid,
        c.confrelid,
        pg_catalog.unnest(c.conkey) as number,
        pg_catalog.unnest(c.confkey) as ref_number,
        pg_catalog.unnest(c.conpfeqop) as operator_oid,
        pg_catalog.generate_subscripts(c.conkey, 1) as position
    from pg_catalog.pg_constraint as c
    where c.oid = any (:'keys'::oid[])
) as k
join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = k.number
join pg_catalog.pg_attribute as p on p.attrelid = k.confrelid and p.attnum = k.ref_number
join pg_catalog.pg_operator as o on o.oid = k.operator_oid
order by k.key_oid, k.position
