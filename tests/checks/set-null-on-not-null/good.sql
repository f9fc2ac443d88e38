create table parents (id int primary key);
create table children (id int primary key, parent_id int references parents on delete set null);
create index on children (parent_id);
create table nieces (id int primary key, parent_id int not null references parents on delete cascade);
create index on nieces (parent_id);
