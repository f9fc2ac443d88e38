-- Whether a row with these unique values is there.
-- run: psql -v keys='oid as k0' -v relation=pg_catalog.pg_class -v predicate=true -v equal='k0 = 1259' -f queries/sql/synthetic/taken.sql
select true as taken
from (
    select
        :keys
    from :relation
    where :predicate
) as x
where :equal
order by taken
limit 1
