-- A value as the text of a type, by way of another one: a default, a given value, a key in its parent's type.
-- run: psql -v value="'1'" -v through=numeric -v type=integer -f queries/sql/synthetic/converted.sql
select cast(cast(:value as :through) as :type)::text as text
