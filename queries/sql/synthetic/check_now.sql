-- Check a constraint that was put off, now and from here on after every statement.
-- run: psql -v schema=public -v constraint=orders_customer_id_fkey -f queries/sql/synthetic/check_now.sql
set constraints :"schema".:"constraint" immediate
