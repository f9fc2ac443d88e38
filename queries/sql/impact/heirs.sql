-- The tables that inherit from one, directly or not: a DELETE without ONLY takes their rows too.
-- run: psql -v table=0 -f queries/sql/impact/heirs.sql
with recursive heirs as (
    select i.inhrelid as oid
    from pg_catalog.pg_inherits as i
    where i.inhparent = :'table'::oid
    union
    select i.inhrelid
    from heirs as h
    join pg_catalog.pg_inherits as i on i.inhparent = h.oid
)
select h.oid::int8 as oid
from heirs as h
order by h.oid
