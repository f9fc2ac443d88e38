create table parents (id int primary key);
