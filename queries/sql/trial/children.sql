-- The children of one row through one key: the primary key of each as one text.
-- run: psql -v identity='array[c.id::text]::text' -v child=orders -v parent=customers -v parent_identity='array[p.id::text]::text' -v row='{1}' -v matches='p.id = c.customer_id' -f queries/sql/trial/children.sql
select :identity as identity
from :child as c
inner join :parent as p on :matches
where :parent_identity = :'row'::text
order by 1
