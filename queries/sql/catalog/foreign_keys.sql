-- Foreign keys as they were declared: one row a key, the copies that partitions have are left out.
-- run: psql -v tables={} -f queries/sql/catalog/foreign_keys.sql
select
    c.oid::int8 as oid,
    c.conname::text as name,
    c.conrelid::int8 as child_oid,
    c.confrelid::int8 as parent_oid,
    c.conkey::int8[] as column_numbers,
    c.confkey::int8[] as ref_column_numbers,
    c.confdeltype::text as on_delete,
    c.confupdtype::text as on_update,
    c.confmatchtype = 'f' as match_full,
    c.condeferrable as deferrable,
    c.condeferred as deferred,
    c.convalidated as validated,
    case
        when c.convalidated then true
        else coalesce((pg_catalog.to_jsonb(c) ->> 'conenforced')::bool, true)
    end as enforced,
    case
        when i.indisexclusion then coalesce((pg_catalog.to_jsonb(c) ->> 'conperiod')::bool, false)
        else false
    end as period,
    case
        when c.confdeltype in ('n', 'd')
            then pg_catalog.translate(pg_catalog.to_jsonb(c) ->> 'confdelsetcols', '[]', '{}')::int8[]
    end as set_column_numbers,
    c.conpfeqop::int8[] as operators,
    c.conindid::int8 as index_oid
from pg_catalog.pg_constraint as c
left join pg_catalog.pg_index as i on i.indexrelid = c.conindid
where c.contype = 'f'
  and c.conparentid = 0
  and (
      :'tables'::oid[] = '{}'
      or c.conrelid = any (:'tables'::oid[])
      or c.confrelid = any (:'tables'::oid[])
  )
order by c.oid
