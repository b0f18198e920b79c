-- Grain: one day, week (from Monday) or month, from the first to the last with a response.
-- Inputs: local_event, lead_outcome.
-- Params: $period.
with
    placed as (
        select
            date_trunc($period, local_event.periodLocal) as startsAt,
            local_event.firstMs,
            lead_outcome.outcome
        from local_event
        left join lead_outcome on lead_outcome.eventNumber = local_event.eventNumber
        where local_event.firstBy is not null
    ),
    counted as (
        select
            startsAt,
            count(*) as n,
            quantile_cont(firstMs, [0.5, 0.9]) as quantilesMs,
            count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'bookedPending') as bookedPending
        from placed
        group by startsAt
    ),
    period as (
        select
            unnest(
                generate_series(
                    min(startsAt),
                    max(startsAt),
                    case
                        when $period = 'day'
                        then interval 1 day
                        when $period = 'week'
                        then interval 7 day
                        else interval 1 month
                    end
                )
            ) as startsAt
        from counted
    )
select
    strftime(period.startsAt, '%Y-%m-%d') as period,
    coalesce(counted.n, 0) as n,
    counted.quantilesMs,
    coalesce(counted.booked, 0) as booked,
    coalesce(counted.notBooked, 0) as notBooked,
    coalesce(counted.bookedPending, 0) as bookedPending
from period
left join counted on counted.startsAt = period.startsAt
order by period.startsAt
