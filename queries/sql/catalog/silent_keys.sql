-- Foreign keys of which some trigger does not fire for ordinary sessions (disabled, or for replicas only).
-- run: psql -f queries/sql/catalog/silent_keys.sql
with recursive silent as (
    select
        g.tgconstraint as constraint_oid,
        f.proname::text like 'RI\_FKey\_check%' as is_check
    from pg_catalog.pg_trigger as g
    join pg_catalog.pg_proc as f on f.oid = g.tgfoid
    where g.tgisinternal
      and g.tgconstraint <> 0
      and g.tgenabled in ('D', 'R')
    union
    select
        c.conparentid,
        s.is_check
    from silent as s
    join pg_catalog.pg_constraint as c on c.oid = s.constraint_oid
    where c.conparentid <> 0
)
select
    s.constraint_oid::int8 as constraint_oid,
    pg_catalog.bool_or(s.is_check) as checks,
    pg_catalog.bool_or(not s.is_check) as actions
from silent as s
join pg_catalog.pg_constraint as c on c.oid = s.constraint_oid
where c.contype = 'f'
  and c.conparentid = 0
group by s.constraint_oid
order by s.constraint_oid
