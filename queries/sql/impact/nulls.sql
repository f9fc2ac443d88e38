-- The share of nulls in columns of tables, of the last ANALYZE, where this role may see it.
-- run: psql -v schemas={public} -v tables={t} -v columns={a} -f queries/sql/impact/nulls.sql
select
    k.place::int8 as place,
    s.null_frac::float8 as nulls
from rows from (
    pg_catalog.unnest(:'schemas'::text[]),
    pg_catalog.unnest(:'tables'::text[]),
    pg_catalog.unnest(:'columns'::text[])
) with ordinality as k (schema, name, attribute, place)
join pg_catalog.pg_stats as s
    on s.schemaname = k.schema
   and s.tablename = k.name
   and s.attname = k.attribute
   and s.inherited = false
order by k.place
