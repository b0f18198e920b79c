-- Grain: one bucket of first response times, empty ones included.
-- Inputs: outcome_event.
-- Decision: lower bounds are included, so a day exactly is >24hr.
with
    bucket as (
        select 1 as place, '<1min' as bucket
        union all
        select 2, '1-5min'
        union all
        select 3, '5-15min'
        union all
        select 4, '15-60min'
        union all
        select 5, '1-4hr'
        union all
        select 6, '4-24hr'
        union all
        select 7, '>24hr'
    ),
    placed as (
        select
            case
                when firstMs < 60000
                then 1
                when firstMs < 300000
                then 2
                when firstMs < 900000
                then 3
                when firstMs < 3600000
                then 4
                when firstMs < 14400000
                then 5
                when firstMs < 86400000
                then 6
                else 7
            end as place,
            outcome
        from outcome_event
        where firstBy is not null
    ),
    counted as (
        select
            place,
            count(*) as n,
            count(*) filter (where outcome = 'booked') as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'pending') as pending,
            count(*) filter (where outcome = 'bookedNoTimestamp') as bookedNoTimestamp
        from placed
        group by place
    )
select
    bucket.bucket,
    coalesce(counted.n, 0) as n,
    coalesce(counted.booked, 0) as booked,
    coalesce(counted.notBooked, 0) as notBooked,
    coalesce(counted.pending, 0) as pending,
    coalesce(counted.bookedNoTimestamp, 0) as bookedNoTimestamp
from bucket
left join counted on counted.place = bucket.place
order by bucket.place
