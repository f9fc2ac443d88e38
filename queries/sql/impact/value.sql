-- What a column's default is worth.
-- run: psql -v value="'x'::text" -f queries/sql/impact/value.sql
select (:value)::text as value
