-- The record that pgtether keeps in the database it changes. Version 1.
-- run: psql -1 -f queries/sql/record/schema.sql
create schema pgtether;
create table pgtether.ledger (version int not null, installed timestamptz not null default now());
insert into pgtether.ledger values (1);

create table pgtether.run (
    run         bigint generated always as identity primary key,
    plan        text        not null,                       -- its name
    plan_text   text        not null,                       -- the TOML as run, every "policy" step expanded
    mode        text        not null check (mode in ('transaction', 'online')),
    started     timestamptz not null default clock_timestamp(),
    by          text        not null default session_user,  -- who logged in
    role        text        not null default current_user,  -- who acted
    client      inet                 default inet_client_addr(),
    program     text        not null                        -- "pgtether 0.4.1, PostgreSQL 16.4"
);

create table pgtether.event (
    event       bigint generated always as identity primary key,
    run         bigint      not null references pgtether.run,
    step        text,                                       -- id of the step; null: the run itself
    kind        text        not null check (kind in
                ('started','waiting','done','already','skipped','confirmed','failed','undoing','undone','ended','forgotten')),
    at          timestamptz not null default clock_timestamp(),
    detail      jsonb       not null default '{}'           -- one pydantic model a kind
);
create index on pgtether.event (run, event);

create table pgtether.parked_row (
    parked      bigint generated always as identity primary key,
    run         bigint      not null references pgtether.run,
    step        text        not null,
    relation    text        not null,                       -- schema.table as SQL writes it
    change      text        not null check (change in ('deleted', 'updated')),
    columns     text[]      not null,
    before      text[]      not null,                       -- each value by its type's output function: exact
    after       text[]                                      -- updated rows only: what a put-back may overwrite
);
create index on pgtether.parked_row (run, step);

create function pgtether.refuse() returns trigger language plpgsql as
$$begin raise exception 'pgtether.% is append-only', tg_table_name using errcode = 'insufficient_privilege'; end$$;
create trigger append_only before update or delete or truncate on pgtether.run        for each statement execute function pgtether.refuse();
create trigger append_only before update or delete or truncate on pgtether.event      for each statement execute function pgtether.refuse();
create trigger append_only before update or delete or truncate on pgtether.parked_row for each statement
    when (current_setting('pgtether.forget', true) is distinct from 'on') execute function pgtether.refuse();
alter table pgtether.run enable always trigger append_only;
alter table pgtether.event enable always trigger append_only;
alter table pgtether.parked_row enable always trigger append_only;
revoke all on all tables in schema pgtether from public;

create view pgtether.step_state as
select distinct on (run, step) run, step, kind as state, at, detail
  from pgtether.event where step is not null and kind <> 'confirmed'
 order by run, step, event desc;

create view pgtether.run_state as
select r.run, r.plan, r.mode, r.started, r.by,
       case when e.kind = 'ended' then e.at end as finished,
       case when e.kind = 'ended' then e.detail ->> 'outcome'             -- applied | rolled back | failed
            when l.held then 'running'
            when r.mode = 'online' and s.begun then 'half done'
            when s.done then 'applied'
            when s.undone then 'rolled back'
            else 'failed' end as state
  from pgtether.run as r
  left join lateral (select kind, at, detail from pgtether.event
                      where run = r.run and step is null order by event desc limit 1) as e on true
  cross join lateral (select coalesce(bool_or(state in ('started', 'waiting', 'failed', 'done', 'undoing')), false) as begun,
                             coalesce(bool_or(state in ('done', 'undoing')), false) as done,
                             coalesce(bool_or(state = 'undone'), false) as undone
                        from pgtether.step_state where run = r.run) as s
  cross join lateral (select r.run = (select run from pgtether.event order by event desc limit 1)
                         and exists (select from pg_catalog.pg_locks as k
                              where k.locktype = 'advisory' and k.classid = 1885825140 and k.objid = 1 and k.granted
                                and k.database = (select oid from pg_catalog.pg_database where datname = current_database())) as held) as l
 order by r.run desc;
