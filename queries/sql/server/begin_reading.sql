-- Begin a transaction that sees one snapshot and may not write.
-- run: psql -f queries/sql/server/begin_reading.sql
begin isolation level repeatable read read only
