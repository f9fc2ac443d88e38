-- The version of the record's tables.
-- run: psql -c 'create schema pgtether create table ledger (version int)' -f queries/sql/record/version.sql
select max(l.version)::int8 as version
from pgtether.ledger as l
order by 1
