-- The row of a table that has children through one key, and through the most others: its primary key as text.
-- run: psql -v identity='array[p.id::text]::text' -v parent=customers -v through='exists (select from orders as c where p.id = c.customer_id)' -v keys=1 -f queries/sql/trial/parent.sql
select :identity as identity
from :parent as p
where :through
order by (:keys) desc, 1
limit 1
