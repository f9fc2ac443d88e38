-- Whether a row with these values is there.
-- run: psql -v relation=pg_catalog.pg_class -v match='oid = 1259' -f queries/sql/synthetic/exists.sql
select exists (select from :relation where :match) as found
