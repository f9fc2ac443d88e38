-- Look whether the client is still there while a statement runs (PostgreSQL 14; not on every system of the server).
-- run: psql -v milliseconds=5000 -f queries/sql/server/check_client.sql
select pg_catalog.set_config('client_connection_check_interval', :'milliseconds'::text, false) as milliseconds
