-- Columns of tables as PostgreSQL would declare them.
-- run: psql -v tables={} -f queries/sql/definitions/columns.sql
select
    a.attrelid::int8 as table_oid,
    a.attname::text as name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as not_null,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as "default",
    a.attidentity::text as identity,
    a.attgenerated::text as generated,
    case
        when a.attcollation <> y.typcollation
            then a.attcollation::pg_catalog.regcollation::text
    end as collation,
    pg_catalog.col_description(a.attrelid, a.attnum) as comment
from pg_catalog.pg_attribute as a
join pg_catalog.pg_type as y on y.oid = a.atttypid
left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any (:'tables'::oid[])
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
