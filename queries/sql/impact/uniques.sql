-- Unique and exclusion indexes of tables, in the order in which a new row meets them.
-- run: psql -v tables={} -f queries/sql/impact/uniques.sql
select
    i.indrelid::int8 as table_oid,
    i.indexrelid::int8 as oid,
    r.relname::text as name,
    (
        select coalesce(pg_catalog.array_agg(a.attname::text order by k.place), '{}')
        from pg_catalog.unnest(i.indkey::int2[]) with ordinality as k (number, place)
        join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
        where k.place <= i.indnkeyatts
    ) as columns,
    i.indexprs is null
        and i.indpred is null
        and not i.indisexclusion
        and i.indimmediate
        and not coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as is_plain,
    (
        select coalesce(pg_catalog.array_agg(a.attname::text order by a.attnum), '{}')
        from pg_catalog.pg_depend as d
        join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and d.objid = i.indexrelid
          and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and d.refobjid = i.indrelid
    ) as depends
from pg_catalog.pg_index as i
join pg_catalog.pg_class as r on r.oid = i.indexrelid
join pg_catalog.pg_class as t on t.oid = i.indrelid
where i.indrelid = any (:'tables'::oid[])
  and t.relkind = 'r'
  and (i.indisunique or i.indisexclusion)
  and i.indisready
order by i.indrelid, i.indexrelid
