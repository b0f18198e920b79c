-- Grain: one first responder, the AI or a setter, with speed and booking outcomes.
-- Inputs: outcome_event, setter_name.
-- Params: $outcomes_given.
-- Decision: by eligible leads, most first, then by key; without outcomes by responses.
with
    counted as (
        select
            firstBy,
            firstUserId,
            count(*) as responses,
            sum(firstMs) / count(*) as meanMs,
            quantile_cont(firstMs, [0.5, 0.9]) as quantilesMs,
            count(*) filter (where firstMs <= 300000) / count(*) as within5MinShare,
            count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'pending') as pending,
            count(*) filter (where outcome = 'bookedNoTimestamp') as bookedNoTimestamp,
            count(*) filter (where outcome = 'bookedPending') as bookedPending
        from outcome_event
        where firstBy is not null
        group by firstBy, firstUserId
    ),
    named as (
        select
            case
                when counted.firstBy = 'ai' then 'ai' else 'user:' || counted.firstUserId
            end as key,
            case
                when counted.firstBy = 'ai'
                then 'AI'
                else coalesce(setter_name.name, counted.firstUserId)
            end as label,
            counted.responses,
            counted.meanMs,
            counted.quantilesMs,
            counted.within5MinShare,
            counted.booked,
            counted.notBooked,
            counted.pending,
            counted.bookedNoTimestamp,
            counted.bookedPending
        from counted
        left join setter_name on setter_name.userId = counted.firstUserId
    )
select
    key,
    label,
    responses,
    meanMs,
    quantilesMs,
    within5MinShare,
    booked,
    notBooked,
    pending,
    bookedNoTimestamp,
    bookedPending
from named
order by case when $outcomes_given then booked + notBooked else responses end desc, key
