-- Check at once what deferred constraints have put off: an ALTER TABLE refuses to run over pending checks.
-- run: psql -f queries/sql/apply/immediate.sql
set constraints all immediate
