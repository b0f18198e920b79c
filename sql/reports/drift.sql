-- Grain: one bucket of drift (sent minus scheduled), over the responses in which the AI was
-- first, empty ones included.
-- Inputs: outcome_event.
-- Decision: upper bounds are included, and both ends of on time.
with
    bucket as (
        select 1 as place, '>10s early' as bucket
        union all
        select 2, 'on time ±10s'
        union all
        select 3, '10-60s late'
        union all
        select 4, '1-5min late'
        union all
        select 5, '>5min late'
    ),
    placed as (
        select
            case
                when driftUs < -10000000
                then 1
                when driftUs <= 10000000
                then 2
                when driftUs <= 60000000
                then 3
                when driftUs <= 300000000
                then 4
                else 5
            end as place,
            outcome
        from outcome_event
        where firstBy = 'ai' and driftUs is not null
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
