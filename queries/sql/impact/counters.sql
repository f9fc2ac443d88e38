-- What this transaction has done to each table so far: events, not rows; earlier transactions may be in it.
-- run: psql -f queries/sql/impact/counters.sql
select
    s.relid::int8 as table_oid,
    s.n_tup_ins::int8 as inserted,
    s.n_tup_upd::int8 as updated,
    s.n_tup_del::int8 as deleted
from pg_catalog.pg_stat_xact_all_tables as s
where s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
order by s.relid
