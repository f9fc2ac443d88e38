-- Rows of a child that refer to given rows of its parent through one key.
-- run: psql -v number=0 -v columns='' -v source=pg_catalog.pg_class -v given="select 't' as relkind" -v matches='p.relkind = c.relkind::text' -f queries/sql/impact/branch.sql
select
    c.tableoid,
    c.ctid,
    (1::int8 << :number) as keys
    :columns
from :source as c
where exists (
    select
    from (:given) as p
    where :matches
)
