create table parents (id int primary key);
create table children (id int primary key, parent_id int references parents on delete set null);
create index on children (parent_id);
create function nothing() returns trigger language plpgsql as $$begin return new; end$$;
create trigger own before insert on children for each row execute function nothing();
alter table children disable trigger own;
