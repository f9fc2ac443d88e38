-- The names under which the server may report a foreign key: its own and those of its copies on partitions.
-- run: psql -v oid=16384 -f queries/sql/probe/copies.sql
with recursive copies as (
    select c.oid, c.conname
    from pg_catalog.pg_constraint as c
    where c.oid = :'oid'::oid
    union all
    select c.oid, c.conname
    from copies as p
    join pg_catalog.pg_constraint as c on c.conparentid = p.oid
)
select p.conname::text as name
from copies as p
order by p.oid
