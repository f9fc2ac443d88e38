-- The key as declared, whose copy on a partition the server has named.
-- run: psql -v schema=public -v table=orders -v constraint=orders_customer_id_fkey -f queries/sql/impact/declared.sql
with recursive declared as (
    select
        c.oid,
        c.conparentid as above
    from pg_catalog.pg_constraint as c
    join pg_catalog.pg_class as t on t.oid = c.conrelid
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    where n.nspname = :'schema'::text
      and t.relname = :'table'::text
      and c.conname = :'constraint'::text
    union all
    select
        c.oid,
        c.conparentid
    from declared as d
    join pg_catalog.pg_constraint as c on c.oid = d.above
)
select d.oid::int8 as oid
from declared as d
where d.above = 0
order by d.oid
