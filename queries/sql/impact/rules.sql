-- Rules that rewrite a DELETE from, or an UPDATE of, these tables.
-- run: psql -v tables={} -f queries/sql/impact/rules.sql
select
    w.ev_class::int8 as table_oid,
    w.rulename::text as name,
    w.ev_type = '4' as on_delete
from pg_catalog.pg_rewrite as w
where w.ev_class = any (:'tables'::oid[])
  and w.ev_type in ('2', '4')
  and w.ev_enabled in ('O', 'A')
order by w.ev_class, w.rulename
