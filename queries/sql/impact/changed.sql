-- Rows that this transaction has written and that are still there, and how many of them were set null.
-- run: psql -v table=pg_catalog.pg_am -v nulled=false -f queries/sql/impact/changed.sql
select
    pg_catalog.count(*)::int8 as rows,
    pg_catalog.count(*) filter (where :nulled)::int8 as nulled
from only :table as t
where t.xmin = pg_catalog.pg_current_xact_id()::xid
order by 1
