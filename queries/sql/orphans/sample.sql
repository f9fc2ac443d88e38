-- Some of the rows that a condition picks, as texts of the given columns; which ones is the server's choice.
-- run: psql -v texts="array[c.relname::text]" -v child=pg_catalog.pg_class -v orphan='c.relam = 0' -v sample=5 -f queries/sql/orphans/sample.sql
select s.texts
from (
    select :texts as texts
    from :child as c
    where :orphan
    limit :'sample'::int8
) as s
order by s.texts
