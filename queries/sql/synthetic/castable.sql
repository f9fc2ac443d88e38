-- Which of the candidate texts are values of a type and pass the checks of its domain, as the server writes them.
-- run: psql -v candidates='{1,2}' -v type=integer -v passes='value > 1' -f queries/sql/synthetic/castable.sql
select
    s.value::text as text
from (
    select
        u.position,
        cast(u.candidate as :type) as value
    from pg_catalog.unnest(:'candidates'::text[]) with ordinality as u (candidate, position)
) as s
where :passes
order by s.position
