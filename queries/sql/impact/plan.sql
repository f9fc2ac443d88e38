-- How many rows the planner expects of a statement.
-- run: psql -v statement='select 1' -f queries/sql/impact/plan.sql
explain (format json) :statement
