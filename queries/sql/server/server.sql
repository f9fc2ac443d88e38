-- Which server answers, as whom, and whether it may be written to.
-- run: psql -f queries/sql/server/server.sql
select
    pg_catalog.current_setting('server_version_num')::int8 as version_num,
    pg_catalog.current_setting('server_version')::text as version,
    pg_catalog.current_database()::text as database,
    current_user::text as role,
    session_user::text as session_user,
    coalesce((select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user), false) as superuser,
    (select s.version from pg_catalog.pg_stat_ssl as s where s.pid = pg_catalog.pg_backend_pid())::text as tls,
    pg_catalog.pg_is_in_recovery() as standby,
    pg_catalog.current_setting('transaction_read_only')::bool as read_only,
    pg_catalog.current_schemas(false)::text[] as search_path,
    pg_catalog.pg_backend_pid()::int8 as pid
