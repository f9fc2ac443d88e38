-- The equality operator of each column of a key that is only intended, as ADD FOREIGN KEY would choose it.
-- run: psql -v child=0 -v columns={} -v parent=0 -v ref_columns={} -f queries/sql/orphans/operators.sql
with recursive pairs as (
    select
        k.position,
        a.attname,
        a.atttypid,
        p.attname as ref_attname,
        p.attnum as ref_attnum,
        p.atttypid as ref_atttypid
    from rows from (pg_catalog.unnest(:'columns'::text[]), pg_catalog.unnest(:'ref_columns'::text[]))
        with ordinality as k (name, ref_name, position)
    join pg_catalog.pg_attribute as a
        on a.attrelid = :'child'::oid and a.attname = k.name and not a.attisdropped
    join pg_catalog.pg_attribute as p
        on p.attrelid = :'parent'::oid and p.attname = k.ref_name and not p.attisdropped
),
-- The first unique index on just these columns gives the operator class; a deferrable one can't be referenced.
target as (
    select
        i.indexrelid,
        i.indkey,
        i.indclass
    from pg_catalog.pg_index as i
    where i.indrelid = :'parent'::oid
      and i.indisunique
      and i.indimmediate
      and i.indisvalid
      and i.indpred is null
      and i.indexprs is null
      and i.indnkeyatts = pg_catalog.cardinality(:'ref_columns'::text[])
      and i.indnkeyatts = (
          select pg_catalog.count(distinct x.place)
          from pg_catalog.unnest(i.indkey::int2[]) with ordinality as x (attnum, place)
          join pairs as k on k.ref_attnum = x.attnum
          where x.place <= i.indnkeyatts
      )
    order by i.indexrelid
    limit 1
),
base as (
    select
        z.oid as domain_oid,
        z.oid,
        z.typtype,
        z.typbasetype
    from pg_catalog.pg_type as z
    where z.oid in (select k.atttypid from pairs as k union select k.ref_atttypid from pairs as k)
    union all
    select
        b.domain_oid,
        z.oid,
        z.typtype,
        z.typbasetype
    from base as b
    join pg_catalog.pg_type as z on z.oid = b.typbasetype
)
select
    k.attname::text as name,
    k.ref_attname::text as ref_name,
    pg_catalog.format_type(k.atttypid, null) as type,
    pg_catalog.format_type(k.ref_atttypid, null) as ref_type,
    i.indexrelid is not null as has_target,
    case
        when e.amopopr is not null and f.amopopr is not null then e.amopopr
        -- A polymorphic class takes two columns of one type; others what the child's type becomes by itself.
        when y.typtype = 'p' and y.typname = 'record' and b.typtype = 'c' then o.amopopr
        when y.typtype = 'p' and y.typname <> 'record' and b.oid = r.oid then o.amopopr
        when b.oid = y.oid then o.amopopr
        when exists (
            select from pg_catalog.pg_cast as s
            where s.castsource = b.oid and s.casttarget = y.oid and s.castcontext = 'i'
        ) then o.amopopr
    end::int8 as operator_oid
from pairs as k
left join target as i on true
left join rows from (pg_catalog.unnest(i.indkey::int2[]), pg_catalog.unnest(i.indclass::oid[]))
    with ordinality as x (attnum, class_oid, place)
    on x.attnum = k.ref_attnum and x.class_oid is not null
left join pg_catalog.pg_opclass as d on d.oid = x.class_oid
left join pg_catalog.pg_type as y on y.oid = d.opcintype
join base as b on b.domain_oid = k.atttypid and b.typtype <> 'd'
join base as r on r.domain_oid = k.ref_atttypid and r.typtype <> 'd'
-- parent = child across types, child = child, and the index's own parent = parent
left join pg_catalog.pg_amop as e
    on e.amopfamily = d.opcfamily and e.amopstrategy = 3 and e.amoppurpose = 's'
    and e.amoplefttype = d.opcintype and e.amoprighttype = b.oid
left join pg_catalog.pg_amop as f
    on f.amopfamily = d.opcfamily and f.amopstrategy = 3 and f.amoppurpose = 's'
    and f.amoplefttype = b.oid and f.amoprighttype = b.oid
left join pg_catalog.pg_amop as o
    on o.amopfamily = d.opcfamily and o.amopstrategy = 3 and o.amoppurpose = 's'
    and o.amoplefttype = d.opcintype and o.amoprighttype = d.opcintype
order by k.position
