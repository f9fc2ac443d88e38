-- One row, with its values back as text; every column that is left out takes its default.
-- run: psql -v relation=t -v columns='(a)' -v overriding= -v values='values (1)' -v answers='a::text as a' -f queries/sql/synthetic/insert.sql
insert into :relation :columns
:overriding
:values
returning :answers
