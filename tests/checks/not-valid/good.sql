create table parents (id int primary key);
create table children (id int primary key, parent_id int);
create index on children (parent_id);
alter table children add foreign key (parent_id) references parents not valid;
alter table children validate constraint children_parent_id_fkey;
