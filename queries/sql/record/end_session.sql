-- End the session of that process in this database, if it is the role's own.
-- run: psql -v pid=0 -f queries/sql/record/end_session.sql
select pg_catalog.pg_terminate_backend(s.pid) as is_told
from pg_catalog.pg_stat_activity as s
where s.pid = :'pid'::int8
  and s.usename = session_user
  and s.datname = pg_catalog.current_database()
order by s.pid
