-- What a row of a table must satisfy: its checks, and the bounds where it is a partition.
-- run: psql -v table=16384 -f queries/sql/synthetic/checks.sql
select
    c.conname::text as name,
    pg_catalog.pg_get_expr(c.conbin, c.conrelid) as expression
from pg_catalog.pg_constraint as c
where c.conrelid = :'table'::oid
  and c.contype = 'c'
  and coalesce((pg_catalog.to_jsonb(c) ->> 'conenforced')::bool, true)
union all
select
    'partition bounds' as name,
    pg_catalog.pg_get_partition_constraintdef(t.oid) as expression
from pg_catalog.pg_class as t
where t.oid = :'table'::oid
  and pg_catalog.pg_get_partition_constraintdef(t.oid) is not null
order by name
