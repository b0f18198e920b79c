-- Grain: one open inbound: a message that nobody answered.
-- Inputs: message, known_lead.
-- Decision: in thread order an outbound stands before an inbound of its instant, so an inbound
-- is open when nothing outbound of its thread was sent strictly later.
with
    threaded as (
        select
            known_lead.clientId,
            known_lead.leadNumber,
            message.channel,
            message.direction,
            message.sentAt,
            max(case when message.direction = 'outbound' then message.sentAt end) over (
                partition by known_lead.leadNumber, message.channel
            ) as lastOutboundAt
        from message
        join known_lead on known_lead.leadId = message.leadId
        where not known_lead.isContested
    )
select clientId, leadNumber, channel, sentAt
from threaded
where direction = 'inbound' and (lastOutboundAt is null or sentAt >= lastOutboundAt)
