-- Rows of a child that refer to given rows of its parent through one key.
-- run: psql -v number=0 -v columns='' -v source=pg_catalog.pg_class -v refers="c.relkind = any ('{r,v}')" -f queries/sql/impact/branch.sql
select
    c.tableoid,
    c.ctid,
    (1::int8 << :number) as keys
    :columns
from :source as c
where :refers
