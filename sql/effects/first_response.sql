-- Grain: one lead with a response: the earliest one, which counts for the lead.
-- Inputs: import_event.
-- Params: $as_of, $since (included), $until (excluded), $clients, $channels; null: all.
-- Decision: as in a report. The window and the client act before the pick, the channel after it;
-- of responses at one instant the one to the lesser inboundMessageId. What was sent after the as-of
-- is not looked at.
with
    answered as (
        select
            leadId,
            inboundMessageId,
            inboundSentAt,
            least(
                case
                    when setterResponseSentAt <= cast($as_of as timestamp) then setterResponseSentAt
                end,
                case when aiResponseSentAt <= cast($as_of as timestamp) then aiResponseSentAt end
            ) as firstSentAt,
            is_asked(inboundSentAt, clientId, channel, null, null, null, $channels) as isOnChannel
        from import_event
        where is_asked(inboundSentAt, clientId, channel, $since, $until, $clients, null)
    ),
    earliest as (
        select leadId, min(firstSentAt) as firstSentAt
        from answered
        where firstSentAt is not null
        group by leadId
    )
select
    answered.leadId,
    answered.firstSentAt,
    min(answered.inboundMessageId) as inboundMessageId,
    arg_min(answered.inboundSentAt, answered.inboundMessageId) as inboundSentAt,
    arg_min(answered.isOnChannel, answered.inboundMessageId) as isOnChannel
from answered
join earliest on earliest.leadId = answered.leadId and earliest.firstSentAt = answered.firstSentAt
group by answered.leadId, answered.firstSentAt
