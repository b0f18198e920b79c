-- Grain: one group of responses by up to two dimensions; without one all of them are one group.
-- Inputs: response.
-- Params: $first, $second (names of dimensions, null: none), $all_responses (else the first ones),
-- $setters_only, $targets (ms, rising), $leads_wanted (count leads, and those that wrote back).
-- Decision: a response at a target lies within it.
with
    grouped as (
        select
            dimension_key($first, response) as firstKey,
            dimension_key($second, response) as secondKey,
            case when $leads_wanted then leadId end as leadId,
            hasWrittenBack,
            ms,
            bookedAfterMs,
            outcome
        from response
        where (isFirst or $all_responses) and (responder = 'setter' or not $setters_only)
    ),
    counted as (
        select
            firstKey,
            secondKey,
            count(*) as n,
            count(distinct leadId) as leads,
            count(distinct leadId) filter (where hasWrittenBack is not null) as followed,
            count(distinct leadId) filter (where hasWrittenBack) as wroteBack,
            sum(ms) / count(*) as meanMs,
            quantile_cont(ms, [0.5, 0.9]) as quantilesMs,
            histogram(ms, cast($targets as bigint[])) as counts,
            quantile_cont(bookedAfterMs, 0.5) as bookedAfterP50Ms,
            count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'pending') as pending,
            count(*) filter (where outcome = 'bookedNoTimestamp') as bookedNoTimestamp,
            count(*) filter (where outcome = 'bookedPending') as bookedPending
        from grouped
        group by firstKey, secondKey
    )
select
    firstKey,
    secondKey,
    n,
    leads,
    followed,
    wroteBack,
    meanMs,
    quantilesMs,
    list_transform(
        cast($targets as bigint[]),
        lambda target:cast(
            list_sum(
                list_transform(
                    list_filter(cast($targets as bigint[]), lambda lesser:lesser <= target),
                    lambda lesser:counts[lesser]
                )
            ) as bigint
        )
    ) as within,
    bookedAfterP50Ms,
    booked,
    notBooked,
    pending,
    bookedNoTimestamp,
    bookedPending
from counted
order by firstKey nulls last, secondKey nulls last
