-- Indexes with their columns in order (0 = an expression), the first key_count of them searchable.
-- run: psql -v tables={} -f queries/sql/catalog/indexes.sql
select
    i.indexrelid::int8 as oid,
    i.indrelid::int8 as table_oid,
    r.relname::text as name,
    m.amname::text as method,
    i.indkey::int2[]::int8[] as column_numbers,
    i.indnkeyatts::int8 as key_count,
    i.indcollation::oid[]::int8[] as collations,
    i.indclass::oid[]::int8[] as classes,
    i.indisunique as is_unique,
    i.indisprimary as is_primary,
    i.indisvalid and i.indisready and i.indislive as is_valid,
    i.indimmediate as is_immediate,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
    r.relpages::int8 * pg_catalog.current_setting('block_size')::int8 as bytes,
    coalesce(p.inhparent, 0)::int8 as part_of
from pg_catalog.pg_index as i
join pg_catalog.pg_class as r on r.oid = i.indexrelid
join pg_catalog.pg_class as t on t.oid = i.indrelid
join pg_catalog.pg_am as m on m.oid = r.relam
left join pg_catalog.pg_inherits as p on p.inhrelid = i.indexrelid
where t.relkind in ('r', 'p')
  and t.relnamespace <> 'pg_catalog'::pg_catalog.regnamespace
  and (:'tables'::oid[] = '{}' or i.indrelid = any (:'tables'::oid[]))
order by i.indrelid, r.relname
