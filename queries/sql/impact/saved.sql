-- Whole rows by where they lie in one table, as COPY text, beside values that were found for them.
-- run: psql -v columns=c.relname -v arrays='pg_catalog.unnest(array[]::tid[])' -v names=place -v table=pg_catalog.pg_class -f queries/sql/impact/saved.sql
copy (
    select :columns
    from rows from (:arrays) as k (:names)
    join only :table as c on c.ctid = k.place
    order by c.ctid
) to stdout
