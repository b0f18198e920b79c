-- Grain: one client or all, on one channel or all: what the page's pickers offer.
-- Inputs: reported_event, lead_outcome.
-- Params: $shown_clients, $shown_channels (those with a pick of their own; the others are one,
-- null), $edges (ms, rising).
with
    placed as (
        select
            case
                when list_contains(cast($shown_clients as varchar[]), reported_event.clientId)
                then reported_event.clientId
            end as client,
            case
                when list_contains(cast($shown_channels as varchar[]), reported_event.channel)
                then reported_event.channel
            end as channel,
            reported_event.firstBy,
            reported_event.setterMs,
            reported_event.aiMs,
            reported_event.firstMs,
            lead_outcome.outcome
        from reported_event
        left join lead_outcome on lead_outcome.eventNumber = reported_event.eventNumber
    ),
    counted as (
        select
            grouping(client) = 1 as isAllClients,
            grouping(channel) = 1 as isAllChannels,
            client,
            channel,
            count(*) as events,
            count(*) filter (where firstBy = 'ai') as firstByAi,
            count(firstMs) as first,
            count(setterMs) as setter,
            count(aiMs) as ai,
            quantile_cont(firstMs, 0.5) as firstP50Ms,
            quantile_cont(setterMs, 0.5) as setterP50Ms,
            quantile_cont(aiMs, 0.5) as aiP50Ms,
            histogram(setterMs, cast($edges as bigint[])) as setterCounts,
            histogram(aiMs, cast($edges as bigint[])) as aiCounts,
            count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'bookedPending') as bookedPending
        from placed
        group by grouping sets ((), (client), (channel), (client, channel))
    )
select
    isAllClients,
    isAllChannels,
    client,
    channel,
    events,
    firstByAi,
    first,
    setter,
    ai,
    firstP50Ms,
    setterP50Ms,
    aiP50Ms,
    list_transform(
        cast($edges as bigint[]), lambda edge:coalesce(setterCounts[edge], 0)
    ) as setterCounts,
    list_transform(cast($edges as bigint[]), lambda edge:coalesce(aiCounts[edge], 0)) as aiCounts,
    booked,
    notBooked,
    bookedPending
from counted
order by isAllClients desc, isAllChannels desc, client nulls last, channel nulls last
