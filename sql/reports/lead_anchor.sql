-- Grain: one of the latest anchors of a lead in a channel, with what answered it.
-- Inputs: import_event, setter_name.
-- Params: $lead, $limit (a channel), $most_channels.
-- Decision: the latest inbound first; at one instant the greater id. Of more channels than
-- $most_channels those with the latest inbound, by the same order; `channels` is how many there
-- are. A drift that no clock gives is null, and marked.
with
    ranked as (
        select
            channel,
            inboundMessageId,
            inboundSentAt,
            setterResponseSentAt,
            setterSentByUserId,
            aiResponseSentAt,
            aiChosenDelaySeconds,
            aiActualDelaySeconds,
            aiScheduledRunAt,
            row_number() over (
                partition by channel order by inboundSentAt desc, inboundMessageId desc
            ) as recency
        from import_event
        where problem is null and leadId = $lead
    ),
    lead_channel as (
        select
            channel,
            row_number() over (order by inboundSentAt desc, inboundMessageId desc) as recency,
            count(*) over () as channels
        from ranked
        where recency = 1
    )
select
    ranked.channel,
    ranked.inboundMessageId,
    ranked.inboundSentAt,
    ranked.setterSentByUserId as setterUserId,
    coalesce(setter_name.name, ranked.setterSentByUserId) as setter,
    ranked.setterResponseSentAt,
    elapsed_ms(ranked.inboundSentAt, ranked.setterResponseSentAt) as setterResponseMs,
    ranked.aiResponseSentAt,
    elapsed_ms(ranked.inboundSentAt, ranked.aiResponseSentAt) as aiResponseMs,
    ranked.aiChosenDelaySeconds,
    ranked.aiActualDelaySeconds,
    ranked.aiScheduledRunAt is not null
    and (
        is_implausible(ranked.aiScheduledRunAt, ranked.inboundSentAt)
        or is_implausible(ranked.aiResponseSentAt, ranked.inboundSentAt)
    )
    and ranked.aiResponseSentAt is not null as isImplausible,
    case
        when not isImplausible then elapsed_ms(ranked.aiScheduledRunAt, ranked.aiResponseSentAt)
    end as driftMs,
    lead_channel.channels
from ranked
join lead_channel on lead_channel.channel = ranked.channel
left join setter_name on setter_name.userId = ranked.setterSentByUserId
where ranked.recency <= $limit and lead_channel.recency <= $most_channels
order by ranked.channel, ranked.recency
