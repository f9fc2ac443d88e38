-- Enter run 0, which the transaction of a rehearsal takes with it when it is rolled back.
-- run: psql -f queries/sql/record/schema.sql -v plan=p -v plan_text=t -v mode=transaction -f queries/sql/record/rehearse.sql
insert into pgtether.run (run, plan, plan_text, mode, program)
overriding system value
values (0, :'plan'::text, :'plan_text'::text, :'mode'::text, 'a rehearsal')
