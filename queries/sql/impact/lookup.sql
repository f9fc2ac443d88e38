-- Rows that match given values, by the place of the values, as they lie in the table.
-- run: psql -v given="select 1 as place, 't'::text as relkind" -v given_as=p -v source=pg_catalog.pg_class -v found_as=c -v texts='array[c.relname::text]' -v matches='p.relkind = c.relkind::text' -f queries/sql/impact/lookup.sql
select
    :"given_as".place::int8 as place,
    :"found_as".tableoid::int8 as table_oid,
    :"found_as".ctid::text as row,
    :texts as texts
from (:given) as :"given_as"
join :source as :"found_as" on :matches
order by :"found_as".tableoid, :"found_as".ctid
