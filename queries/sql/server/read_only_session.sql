-- Make every later transaction of the session read only, unless it asks to write.
-- run: psql -f queries/sql/server/read_only_session.sql
select pg_catalog.set_config('default_transaction_read_only', 'on', false) as read_only
