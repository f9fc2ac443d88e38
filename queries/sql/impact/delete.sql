-- The DELETE itself.
-- run: psql -v table=t -v condition=true -f queries/sql/impact/delete.sql
delete from :table
where :condition
