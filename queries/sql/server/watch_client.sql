-- End the session, and free its locks, when its client has gone silent inside a transaction or has vanished.
-- run: psql -v idle=65000 -v silent=25000 -f queries/sql/server/watch_client.sql
select
    pg_catalog.set_config('idle_in_transaction_session_timeout', :'idle'::text, false) as idle,
    pg_catalog.set_config('tcp_user_timeout', :'silent'::text, false) as silent,
    pg_catalog.set_config('tcp_keepalives_idle', '10', false) as keepalives_idle,
    pg_catalog.set_config('tcp_keepalives_interval', '5', false) as keepalives_interval,
    pg_catalog.set_config('tcp_keepalives_count', '3', false) as keepalives_count
