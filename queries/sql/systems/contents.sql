-- What people have made in this database: relations, types and functions that belong to no extension.
-- run: psql -f queries/sql/systems/contents.sql
select
    o.kind as kind,
    n.nspname::text as schema,
    o.name as name
from (
    select
        t.tableoid as catalog,
        t.oid as oid,
        t.relnamespace as schema_oid,
        t.relname::text as name,
        case t.relkind
            when 'v' then 'view'
            when 'm' then 'materialized view'
            when 'S' then 'sequence'
            when 'f' then 'foreign table'
            else 'table'
        end as kind
    from pg_catalog.pg_class as t
    where t.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select
        y.tableoid as catalog,
        y.oid as oid,
        y.typnamespace as schema_oid,
        y.typname::text as name,
        'type' as kind
    from pg_catalog.pg_type as y
    left join pg_catalog.pg_class as t on t.oid = y.typrelid
    where (y.typrelid = 0 or t.relkind = 'c')
      and not exists (select from pg_catalog.pg_type as e where e.typarray = y.oid)
    union all
    select
        p.tableoid as catalog,
        p.oid as oid,
        p.pronamespace as schema_oid,
        p.proname::text as name,
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind
    from pg_catalog.pg_proc as p
) as o
join pg_catalog.pg_namespace as n on n.oid = o.schema_oid
where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select
      from pg_catalog.pg_depend as d
      where d.classid = o.catalog
        and d.objid = o.oid
        and d.deptype in ('e', 'i')
  )
order by o.kind <> 'table', o.kind, n.nspname, o.name
