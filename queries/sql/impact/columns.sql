-- Columns of tables with what a change to them must know: type, collation, default and what it calls.
-- run: psql -v tables={} -f queries/sql/impact/columns.sql
select
    a.attrelid::int8 as table_oid,
    a.attname::text as name,
    (select n.nspname::text from pg_catalog.pg_namespace as n where n.oid = y.typnamespace) as type_schema,
    y.typname::text as type,
    (select n.nspname::text from pg_catalog.pg_namespace as n where n.oid = g.collnamespace) as collation_schema,
    g.collname::text as collation,
    coalesce(g.collisdeterministic, true) as is_deterministic,
    a.attnotnull as not_null,
    a.attidentity::text as identity,
    a.attgenerated::text as generated,
    coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.pg_get_expr(y.typdefaultbin, 0)) as "default",
    exists (
        select
        from pg_catalog.regexp_matches(
            coalesce(d.adbin, y.typdefaultbin)::text, ':(?:opfuncid|funcid) (\d+)', 'g'
        ) as r (oids)
        join pg_catalog.pg_proc as f on f.oid = r.oids[1]::oid
        where f.provolatile = 'v'
    ) or coalesce(d.adbin::text like '%NEXTVALUEEXPR%', false) as is_volatile,
    y.typtype = 'd' as is_domain
from pg_catalog.pg_attribute as a
join pg_catalog.pg_type as y on y.oid = a.atttypid
left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_catalog.pg_collation as g on g.oid = a.attcollation
where a.attrelid = any (:'tables'::oid[])
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
