-- The triggers by which foreign keys act on parents and check children; leaves have their own.
-- run: psql -v tables={} -f queries/sql/definitions/triggers.sql
with recursive declared as (
    select
        c.oid as copy,
        c.oid as root,
        c.conparentid as above
    from pg_catalog.pg_constraint as c
    where c.contype = 'f'
      and (c.confrelid = any (:'tables'::oid[]) or c.conrelid = any (:'tables'::oid[]))
    union
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
    case
        when f.proname = 'RI_FKey_check_ins' then 'check insert'
        when f.proname = 'RI_FKey_check_upd' then 'check update'
        when (g.tgtype & 8) <> 0 then 'delete'
        else 'update'
    end as event,
    g.tgenabled::text as enabled,
    g.tgparentid <> 0 as cloned,
    c.conrelid::int8 as child_oid,
    c.conname::text as constraint_name
from pg_catalog.pg_trigger as g
join pg_catalog.pg_proc as f on f.oid = g.tgfoid
join declared as d on d.copy = g.tgconstraint and d.above = 0
join pg_catalog.pg_constraint as c on c.oid = d.root
where g.tgrelid = any (:'tables'::oid[])
  and g.tgisinternal
order by g.tgrelid, g.tgname
