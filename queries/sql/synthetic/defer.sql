-- Put the check of a constraint off to the end of the transaction.
-- run: psql -v schema=public -v constraint=orders_customer_id_fkey -f queries/sql/synthetic/defer.sql
set constraints :"schema".:"constraint" deferred
