-- The first combination of candidate values that every check, partition bound and unique index lets in.
-- run: psql -v answers=x -v linked= -v generated= -v columns='c.x as x' -v cost=c.n -v candidates='unnest(array[1, 2]) with ordinality as c (x, n)' -v table=t -v passes='x > 1' -f queries/sql/synthetic/search.sql
select
    :answers
from (
    select
        v.*
        :generated
    from (
        select
            s.*
            :linked
        from (
            select
                :columns,
                :cost as "pgtether cost"
            from :candidates
            order by "pgtether cost"
            offset 0
        ) as s
    ) as v
) as :"table"
where :passes
order by "pgtether cost"
limit 1
