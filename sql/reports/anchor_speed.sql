-- Grain: one first responder of the anchors of the window, a setter, the AI, or either (answered).
-- Inputs: timed_event.
-- Decision: to stand beside waits these are of every responder.
with
    answered as (
        select cast(firstBy as varchar) as firstBy, firstMs
        from timed_event
        where isOnChannel and firstBy is not null
    )
select
    coalesce(firstBy, 'answered') as firstBy,
    count(*) as n,
    sum(firstMs) / count(*) as meanMs,
    quantile_cont(firstMs, [0.5, 0.9]) as quantilesMs
from answered
group by grouping sets ((), firstBy)
having count(*) > 0
