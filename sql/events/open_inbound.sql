-- Grain: one open inbound: a message that nobody answered.
-- Inputs: message, known_lead.
-- Decision: in thread order an outbound stands before an inbound of its instant, so an inbound
-- is open when nothing outbound of its thread was sent strictly later.
with
    answered as (
        select leadId, channel, max(sentAt) as lastOutboundAt
        from message
        where direction = 'outbound'
        group by leadId, channel
    )
select known_lead.clientId, known_lead.leadNumber, message.channel, message.sentAt
from message
join known_lead on known_lead.leadId = message.leadId
left join answered on answered.leadId = message.leadId and answered.channel = message.channel
where
    message.direction = 'inbound'
    and not known_lead.isContested
    and (answered.lastOutboundAt is null or message.sentAt >= answered.lastOutboundAt)
