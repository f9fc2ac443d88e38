-- Delete the row with this key.
-- run: psql -v relation=customers -v match='id = 1' -f queries/sql/probe/delete.sql
delete from :relation
where :match
