-- Enter a run; its number is its name.
-- run: psql -f queries/sql/record/schema.sql -v plan=p -v plan_text=t -v mode=transaction -v program=pgtether -f queries/sql/record/begin.sql
insert into pgtether.run (plan, plan_text, mode, program)
values (:'plan'::text, :'plan_text'::text, :'mode'::text, :'program'::text)
returning run
