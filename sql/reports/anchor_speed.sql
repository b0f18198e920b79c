-- Grain: one first responder of the anchors of the window, a setter, the AI, or either (answered).
-- Inputs: event_row, event_in_hours.
-- Decision: to stand beside waits these are of every responder, and the business hours are those of
-- the inbound.
with
    answered as (
        select firstBy, inboundSentAt, firstSentAt
        from event_row
        where isWindowed and isOnChannel and firstBy is not null and not mustLieInHours
        union all
        select event_row.firstBy, event_row.inboundSentAt, event_row.firstSentAt
        from event_row
        join event_in_hours on event_in_hours.eventNumber = event_row.eventNumber
        where
            event_row.isWindowed
            and event_row.isOnChannel
            and event_row.firstBy is not null
            and event_row.mustLieInHours
    ),
    timed as (
        select
            cast(firstBy as varchar) as firstBy, elapsed_ms(inboundSentAt, firstSentAt) as firstMs
        from answered
    )
select
    coalesce(firstBy, 'answered') as firstBy,
    count(*) as n,
    sum(firstMs) / count(*) as meanMs,
    quantile_cont(firstMs, [0.5, 0.9]) as quantilesMs
from timed
group by grouping sets ((), firstBy)
having count(*) > 0
