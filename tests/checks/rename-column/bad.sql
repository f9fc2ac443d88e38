create table notes (id int primary key, client_id int);
