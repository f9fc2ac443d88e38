-- What became of the child row: its key columns as text.
-- run: psql -v relation=orders -v match='id = 1' -v answers='customer_id::text' -f queries/sql/probe/child.sql
select :answers
from :relation
where :match
order by 1
limit 2
