-- Whether this role may write the record; false too where schema pgtether holds no record.
-- run: psql -f queries/sql/record/may_write.sql
select pg_catalog.bool_and(coalesce(pg_catalog.has_table_privilege(p.oid, p.wanted), false)) as may_write
from (
    select
        pg_catalog.to_regclass(k.name)::oid as oid,
        k.wanted as wanted
    from (
        values
            ('pgtether.ledger', 'select'),
            ('pgtether.run', 'insert'),
            ('pgtether.run', 'select'),
            ('pgtether.event', 'insert'),
            ('pgtether.event', 'select'),
            ('pgtether.parked_row', 'insert'),
            ('pgtether.parked_row', 'select'),
            ('pgtether.run_state', 'select')
    ) as k (name, wanted)
) as p
order by 1
