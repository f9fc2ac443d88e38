-- Delete one row of a table, found by the text of its primary key.
-- run: psql -v parent=orders -v identity='array[p.id::text]::text' -v row='{1}' -f queries/sql/trial/delete.sql
delete from :parent as p
where :identity = :'row'::text
