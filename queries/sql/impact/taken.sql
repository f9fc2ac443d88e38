-- How many rows are taken, by which keys, and in arrays what further keys and passes need of them.
-- run: psql -v collected='' -v rows='select tableoid, ctid, 1::int8 as keys from pg_catalog.pg_am' -v kept=true -f queries/sql/impact/taken.sql
select
    pg_catalog.count(*)::int8 as rows,
    coalesce(pg_catalog.bit_or(t.keys), 0)::int8 as keys
    :collected
from (:rows) as t
where :kept
order by 1
