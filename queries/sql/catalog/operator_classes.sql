-- Operator classes with the operators that an index of theirs can look up a key's value by.
-- run: psql -f queries/sql/catalog/operator_classes.sql
select
    k.oid::int8 as oid,
    pg_catalog.array_agg(o.amopopr::int8 order by o.amopopr) as operators
from pg_catalog.pg_opclass as k
join pg_catalog.pg_am as m on m.oid = k.opcmethod
join pg_catalog.pg_amop as o on o.amopfamily = k.opcfamily
where o.amoppurpose = 's'
  and (
      (m.amname in ('btree', 'gin') and o.amopstrategy = 3)  -- equality for btree and for btree_gin
      or (m.amname = 'hash' and o.amopstrategy = 1)
      or m.amname in ('gist', 'spgist')
  )
group by k.oid
order by k.oid
