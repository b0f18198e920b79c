-- Grain: one bucket of a measure, empty ones included, with the booking outcomes in it.
-- Inputs: outcome_event.
-- Params: $measure, $buckets (names) and $greatest (the greatest value in each, in order).
-- Decision: of a chosen delay and of a drift the responses in which the AI was first count.
with
    bucket as (select unnest($buckets) as bucket, unnest(cast($greatest as bigint[])) as greatest),
    measured as (
        select
            outcome,
            case
                when $measure = 'firstMs'
                then firstMs
                when firstBy = 'ai' and $measure = 'aiChosenDelaySeconds'
                then aiChosenDelaySeconds
                when firstBy = 'ai' and $measure = 'driftUs'
                then driftUs
            end as value
        from outcome_event
    ),
    counted as (
        select outcome, histogram(value, cast($greatest as bigint[])) as counts
        from measured
        where value is not null
        group by outcome
    ),
    placed as (
        select bucket.greatest, bucket.bucket, counted.outcome, counted.counts[bucket.greatest] as n
        from bucket
        left join counted on true
    )
select
    bucket,
    cast(coalesce(sum(n), 0) as bigint) as n,
    cast(
        coalesce(sum(n) filter (where outcome in ('booked', 'bookedPending')), 0) as bigint
    ) as booked,
    cast(coalesce(sum(n) filter (where outcome = 'notBooked'), 0) as bigint) as notBooked,
    cast(coalesce(sum(n) filter (where outcome = 'pending'), 0) as bigint) as pending,
    cast(
        coalesce(sum(n) filter (where outcome = 'bookedNoTimestamp'), 0) as bigint
    ) as bookedNoTimestamp,
    cast(coalesce(sum(n) filter (where outcome = 'bookedPending'), 0) as bigint) as bookedPending
from placed
group by greatest, bucket
order by greatest
