-- Take the lock that keeps two runs in one database apart; never waits.
-- run: psql -f queries/sql/record/lock.sql
select pg_catalog.pg_try_advisory_lock(1885825140, 1) as taken
order by 1
