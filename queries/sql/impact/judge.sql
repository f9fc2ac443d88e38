-- Whether rows would satisfy conditions if some of their columns had other values.
-- run: psql -v table=pg_catalog.pg_class -v columns='t.ctid, t.tableoid, t.relname' -v rows={} -v conditions='array[(relname is not null)]' -v alias=pg_class -f queries/sql/impact/judge.sql
select
    :"alias".ctid::text as row,
    :conditions as passes
from (
    select :columns
    from only :table as t
    where t.ctid = any (:'rows'::tid[])
) as :"alias"
order by :"alias".ctid
