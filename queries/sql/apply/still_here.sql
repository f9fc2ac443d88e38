-- A sign of life, which starts the server's countdown for an idle transaction again.
-- run: psql -f queries/sql/apply/still_here.sql
select true as still_here
order by 1
