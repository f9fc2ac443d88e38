-- What keeps two rows of a table apart: unique indexes and exclusion constraints, each key as an expression.
-- run: psql -v table=16384 -f queries/sql/synthetic/uniques.sql
select
    array(
        select pg_catalog.pg_get_indexdef(i.indexrelid, k, false)
        from pg_catalog.generate_series(1, i.indnkeyatts) as k
        order by k
    ) as keys,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid) as predicate,
    i.indisexclusion as is_exclusion,
    coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as nulls_collide
from pg_catalog.pg_index as i
where i.indrelid = :'table'::oid
  and (i.indisunique or i.indisexclusion)
order by i.indexrelid
