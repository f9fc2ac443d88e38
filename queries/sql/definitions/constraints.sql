-- Constraints of tables, and foreign keys that refer to them; NOT NULL is left out, as only 18 lists it.
-- run: psql -v tables={} -f queries/sql/definitions/constraints.sql
select
    c.conrelid::int8 as table_oid,
    c.confrelid::int8 as parent_oid,
    c.conname::text as name,
    c.contype::text as kind,
    pg_catalog.pg_get_constraintdef(c.oid) as definition,
    c.convalidated as validated,
    coalesce((pg_catalog.to_jsonb(c) ->> 'conenforced')::bool, true) as enforced,
    pg_catalog.obj_description(c.oid, 'pg_constraint') as comment,
    c.confdeltype::text as on_delete,
    (
        select coalesce(pg_catalog.array_agg(a.attname::text order by k.place), '{}')
        from pg_catalog.unnest(c.conkey) with ordinality as k (number, place)
        join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.number
    ) as columns,
    (
        select coalesce(pg_catalog.array_agg(a.attname::text order by k.place), '{}')
        from pg_catalog.unnest(c.confkey) with ordinality as k (number, place)
        join pg_catalog.pg_attribute as a on a.attrelid = c.confrelid and a.attnum = k.number
    ) as ref_columns,
    (
        select coalesce(pg_catalog.array_agg(
            pg_catalog.format('operator(%I.%s)', n.nspname, p.oprname) order by k.place
        ), '{}')
        from pg_catalog.unnest(c.conpfeqop) with ordinality as k (operator, place)
        join pg_catalog.pg_operator as p on p.oid = k.operator
        join pg_catalog.pg_namespace as n on n.oid = p.oprnamespace
    ) as operators,
    c.confmatchtype = 'f' as match_full
from pg_catalog.pg_constraint as c
where (
      c.conrelid = any (:'tables'::oid[])
      or (c.contype = 'f' and c.confrelid = any (:'tables'::oid[]))
  )
  and c.contype not in ('n', 't')
  and (c.conparentid = 0 or c.contype <> 'f')
order by c.conrelid, c.conname
