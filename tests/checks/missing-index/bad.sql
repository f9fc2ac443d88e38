create table deliveries (id int primary key, due date);
