-- Whether the record is there, and what stands in the way of making it.
-- run: psql -f queries/sql/record/state.sql
select
    (
        select n.nspname::text from pg_catalog.pg_namespace as n where n.nspname = 'pgtether'
    ) is not null as is_there,
    coalesce(
        pg_catalog.has_schema_privilege(
            (select n.oid from pg_catalog.pg_namespace as n where n.nspname = 'pgtether'), 'usage'
        ),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create')
    ) as may_use,
    (
        select coalesce(pg_catalog.array_agg(p.pubname::text order by p.pubname), '{}')
        from pg_catalog.pg_publication as p
        where p.puballtables
    ) as publications
order by 1
