-- Triggers of tables whose function catches errors: what it does in its own subtransactions can't be told apart.
-- run: psql -v tables={} -f queries/sql/impact/swallowing.sql
select
    g.tgrelid::int8 as table_oid,
    g.tgname::text as name
from pg_catalog.pg_trigger as g
join pg_catalog.pg_proc as f on f.oid = g.tgfoid
where g.tgrelid = any (:'tables'::oid[])
  and not g.tgisinternal
  and g.tgenabled in ('O', 'A')
  and f.prosrc ~* '\mexception\M'
order by g.tgrelid, g.tgname
