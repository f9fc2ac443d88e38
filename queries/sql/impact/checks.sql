-- What every changed row of these tables must satisfy: CHECK constraints, and the bounds of a partition.
-- run: psql -v tables={} -f queries/sql/impact/checks.sql
select
    c.conrelid::int8 as table_oid,
    c.conname::text as name,
    pg_catalog.pg_get_expr(c.conbin, c.conrelid) as expression,
    c.convalidated as validated
from pg_catalog.pg_constraint as c
where c.conrelid = any (:'tables'::oid[])
  and c.contype = 'c'
  and coalesce((pg_catalog.to_jsonb(c) ->> 'conenforced')::bool, true)
union all
select
    t.oid::int8,
    null,
    pg_catalog.pg_get_partition_constraintdef(t.oid),
    true
from pg_catalog.pg_class as t
where t.oid = any (:'tables'::oid[])
  and t.relispartition
  and t.relkind = 'r'
order by table_oid, name nulls first
