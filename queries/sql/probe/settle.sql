-- Check everything that was put off, as COMMIT would.
-- run: psql -f queries/sql/probe/settle.sql
set constraints all immediate
