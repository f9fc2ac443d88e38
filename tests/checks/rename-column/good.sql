create table notes (id int primary key, patient_id int);
