-- Rows that several keys lead to, each once, with the bits of its keys.
-- run: psql -v columns='' -v branches='select tableoid, ctid, 1::int8 as keys from pg_catalog.pg_am' -f queries/sql/impact/merged.sql
select
    u.tableoid,
    u.ctid,
    pg_catalog.bit_or(u.keys) as keys
    :columns
from (:branches) as u
group by
    u.tableoid,
    u.ctid
    :columns
