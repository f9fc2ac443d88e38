create table parents (id int primary key);
create table children (id int primary key, parent_id int constraint another_name references parents on delete set null);
create index on children (parent_id);
