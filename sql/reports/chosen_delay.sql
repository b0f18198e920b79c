-- Grain: one bucket of chosen delays, over the responses in which the AI was first, empty ones
-- included.
-- Inputs: outcome_event.
-- Decision: lower bounds are included; 420 s belongs to 390-420s.
with
    bucket as (
        select 1 as place, '<180s' as bucket
        union all
        select 2, '180-210s'
        union all
        select 3, '210-270s'
        union all
        select 4, '270-330s'
        union all
        select 5, '330-390s'
        union all
        select 6, '390-420s'
        union all
        select 7, '>420s'
    ),
    placed as (
        select
            case
                when aiChosenDelaySeconds < 180
                then 1
                when aiChosenDelaySeconds < 210
                then 2
                when aiChosenDelaySeconds < 270
                then 3
                when aiChosenDelaySeconds < 330
                then 4
                when aiChosenDelaySeconds < 390
                then 5
                when aiChosenDelaySeconds <= 420
                then 6
                else 7
            end as place,
            outcome
        from outcome_event
        where firstBy = 'ai' and aiChosenDelaySeconds is not null
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
