-- Grain: one difference of an event that is shown as an example.
-- Inputs: difference.
-- Params: $events (how many of each kind and likely reason).
-- Decision: all differences of such an event are shown, whatever the reason of each.
with
    event as (
        select kind, reason, leadId, channel, inboundSentAt, inboundMessageId
        from difference
        group by kind, reason, leadId, channel, inboundSentAt, inboundMessageId
    ),
    ranked as (
        select
            inboundMessageId,
            row_number() over (
                partition by kind, reason order by leadId, channel, inboundSentAt, inboundMessageId
            ) as number
        from event
    )
select kind, inboundMessageId, leadId, channel, inboundSentAt, place, "column", here, there, reason
from difference
where inboundMessageId in (select inboundMessageId from ranked where number <= $events)
