-- Begin the transaction of a rehearsal: it sees what others commit meanwhile, as the DELETE itself would.
-- run: psql -f queries/sql/impact/begin_rehearsal.sql
begin isolation level read committed read write
