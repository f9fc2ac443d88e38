-- Give the lock back that keeps two runs apart.
-- run: psql -f queries/sql/record/unlock.sql
select pg_catalog.pg_advisory_unlock(1885825140, 1) as given
order by 1
