-- The plan of a statement, as JSON, without running it.
-- run: psql -v statement='select 1' -f queries/sql/orphans/plan.sql
explain (format json) :statement
