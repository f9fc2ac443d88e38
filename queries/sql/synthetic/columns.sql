-- What a value of each column must look like: its type down to the base of its domain, its default, its labels.
-- run: psql -v table=16384 -f queries/sql/synthetic/columns.sql
with recursive base as (
    select
        a.attnum as number,
        a.atttypid as type_oid,
        a.atttypmod as modifier,
        a.attnotnull as not_null,
        '{}'::oid[] as domains
    from pg_catalog.pg_attribute as a
    where a.attrelid = :'table'::oid
      and a.attnum > 0
      and not a.attisdropped
    union all
    select
        b.number,
        y.typbasetype,
        y.typtypmod,
        b.not_null or y.typnotnull,
        b.domains || y.oid
    from base as b
    join pg_catalog.pg_type as y on y.oid = b.type_oid
    where y.typtype = 'd'
)
select
    a.attname::text as name,
    pg_catalog.format_type(a.atttypid, -1) as type,
    pg_catalog.format_type(b.type_oid, b.modifier) as base_type,
    y.typcategory::text as category,
    y.typtype::text as kind,
    b.modifier::int8 as modifier,
    b.not_null as not_null,
    a.attidentity::text as identity,
    a.attgenerated::text as generated,
    coalesce(
        pg_catalog.pg_get_expr(d.adbin, d.adrelid),
        pg_catalog.pg_get_expr(o.typdefaultbin, 0)
    ) as expression,
    array(
        select e.enumlabel::text
        from pg_catalog.pg_enum as e
        where e.enumtypid in (y.oid, z.oid)
        order by e.enumsortorder
    ) as labels,
    pg_catalog.format_type(z.oid, -1) as inner_type,
    coalesce(z.typcategory::text, '') as inner_category,
    (
        select pg_catalog.count(*)
        from pg_catalog.pg_attribute as f
        where f.attrelid = y.typrelid and y.typrelid <> 0 and f.attnum > 0 and not f.attisdropped
    ) as fields,
    array(
        select pg_catalog.pg_get_expr(c.conbin, 0)
        from pg_catalog.pg_constraint as c
        where c.contypid = any (b.domains) and c.contype = 'c'
        order by c.conname
    ) as domain_checks
from base as b
join pg_catalog.pg_attribute as a on a.attrelid = :'table'::oid and a.attnum = b.number
join pg_catalog.pg_type as o on o.oid = a.atttypid
join pg_catalog.pg_type as y on y.oid = b.type_oid and y.typtype <> 'd'
left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_range as r
    on y.typcategory = 'R'
   and y.oid::text in (r.rngtypid::text, pg_catalog.to_jsonb(r) ->> 'rngmultitypid')
left join pg_catalog.pg_type as z
    on z.oid = coalesce(r.rngsubtype, case when y.typcategory = 'A' then y.typelem end)
order by a.attnum
