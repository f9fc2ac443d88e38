create table deliveries (id int primary key, due date);
create index another_name on deliveries (due, id);
