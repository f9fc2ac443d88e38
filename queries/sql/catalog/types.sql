-- Names of the types that columns of tables have.
-- run: psql -f queries/sql/catalog/types.sql
select
    y.oid::int8 as oid,
    pg_catalog.format_type(y.oid, null) as name
from pg_catalog.pg_type as y
where y.typtype <> 'c'
  and (y.typelem = 0 or not exists (
      select from pg_catalog.pg_type as e
      where e.oid = y.typelem and e.typtype = 'c'
  ))
order by y.oid
