-- The server process that answers: a transaction pooler gives another one than the client was told.
-- run: psql -f queries/sql/server/backend_pid.sql
select pg_catalog.pg_backend_pid()::int8 as pid
