create table parents (id int primary key);
create table children (id int primary key, parent_id int references parents on delete set null);
create index on children (parent_id);
