-- Grain: one way in which waits end: by a setter, by the AI, answered by either, or not (open).
-- Inputs: asked_wait.
with
    ended as (
        select endedBy, waitMs, hasWindow, endedBy is not null as isAnswered
        from asked_wait
        where isAsked
    )
select
    coalesce(endedBy, case when isAnswered then 'answered' else 'open' end) as endedBy,
    count(*) as n,
    sum(waitMs) / count(*) as meanMs,
    quantile_cont(waitMs, [0.5, 0.9]) as quantilesMs,
    max(waitMs) as longestMs,
    count(*) filter (where hasWindow) as withWindow
from ended
group by grouping sets ((isAnswered), (isAnswered, endedBy))
having grouping(endedBy) = 1 or endedBy is not null
