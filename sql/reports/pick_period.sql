-- Grain: one period of one client or all, on one channel or all, with a response.
-- Inputs: local_event, lead_outcome.
-- Params: $shown_clients, $shown_channels (as in pick_speed), $period.
with
    placed as (
        select
            case
                when list_contains(cast($shown_clients as varchar[]), local_event.clientId)
                then local_event.clientId
            end as client,
            case
                when list_contains(cast($shown_channels as varchar[]), local_event.channel)
                then local_event.channel
            end as channel,
            date_trunc($period, local_event.periodLocal) as startsAt,
            local_event.firstMs,
            lead_outcome.outcome
        from local_event
        left join lead_outcome on lead_outcome.eventNumber = local_event.eventNumber
        where local_event.firstBy is not null
    )
select
    grouping(client) = 1 as isAllClients,
    grouping(channel) = 1 as isAllChannels,
    client,
    channel,
    strftime(startsAt, '%Y-%m-%d') as period,
    count(*) as n,
    quantile_cont(firstMs, [0.5, 0.9]) as quantilesMs,
    count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
    count(*) filter (where outcome = 'notBooked') as notBooked,
    count(*) filter (where outcome = 'bookedPending') as bookedPending
from placed
group by
    grouping sets ((startsAt), (client, startsAt), (channel, startsAt), (client, channel, startsAt))
order by isAllClients desc, isAllChannels desc, client nulls last, channel nulls last, period
