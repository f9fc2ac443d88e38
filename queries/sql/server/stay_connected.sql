-- Keep the session while a person thinks, whatever the role's own limit for idle sessions (PostgreSQL 14).
-- run: psql -f queries/sql/server/stay_connected.sql
select pg_catalog.set_config('idle_session_timeout', '0', false) as idle_session_timeout
