-- The rows that a DELETE's own condition takes, for the planner to look at.
-- run: psql -v table=pg_catalog.pg_class -v condition="relkind = 'r'" -f queries/sql/impact/chosen.sql
select
from :table
where :condition
