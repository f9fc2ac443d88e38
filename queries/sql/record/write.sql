-- Enter an event of a run.
-- run: psql -c 'create schema pgtether create table event (run bigint, step text, kind text, at timestamptz default now(), detail jsonb)' -v run=1 -v step=a -v kind=done -v detail={} -f queries/sql/record/write.sql
insert into pgtether.event (run, step, kind, detail)
values (:'run'::bigint, :'step'::text, :'kind'::text, :'detail'::jsonb)
returning at
