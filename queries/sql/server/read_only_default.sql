-- Whether transactions are read only unless they ask to write, and who says so: the role, the database, the client.
-- run: psql -f queries/sql/server/read_only_default.sql
select
    s.setting::bool as read_only,
    s.source::text as source
from pg_catalog.pg_settings as s
where s.name = 'default_transaction_read_only'
order by s.name
