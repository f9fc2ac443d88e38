-- Triggers of tables in the order in which they fire, with the foreign key as declared that a system's one serves.
-- run: psql -v tables={} -f queries/sql/impact/triggers.sql
with recursive declared as (
    select
        c.oid as copy,
        c.oid as root,
        c.conparentid as above
    from pg_catalog.pg_constraint as c
    where c.contype = 'f'
      and (c.confrelid = any (:'tables'::oid[]) or c.conrelid = any (:'tables'::oid[]))
    union all
    select
        d.copy,
        c.oid,
        c.conparentid
    from declared as d
    join pg_catalog.pg_constraint as c on c.oid = d.above
)
select
    g.tgrelid::int8 as table_oid,
    g.tgname::text as name,
    case when n.nspname = 'pg_catalog' then f.proname::text else '' end as function,
    g.tgtype::int8 as type,
    g.tgenabled in ('O', 'A') as fires,
    g.tgdeferrable and g.tginitdeferred as deferred,
    coalesce(d.root, 0)::int8 as key_oid
from pg_catalog.pg_trigger as g
join pg_catalog.pg_proc as f on f.oid = g.tgfoid
join pg_catalog.pg_namespace as n on n.oid = f.pronamespace
left join declared as d on d.copy = g.tgconstraint and d.above = 0
where g.tgrelid = any (:'tables'::oid[])
order by g.tgrelid, g.tgname
