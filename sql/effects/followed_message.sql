-- Grain: one message up to the as-of: whose it is, when it was sent, and whether it is an answer.
-- Inputs: message, known_lead, known_channel.
-- Params: $as_of.
-- Decision: an answer is a setter's, with a user id or without, or the AI's.
select
    message.rowNumber as messageNumber,
    known_lead.leadNumber,
    known_channel.channelNumber,
    message.sentAt,
    message.direction = 'inbound' as isInbound,
    message.direction <> 'inbound'
    and coalesce(message.sentBy in ('setter', 'ai'), false) as isAnswer
from message
join known_lead on known_lead.leadId = message.leadId
join known_channel on known_channel.channel = message.channel
where known_lead.clientId is not null and message.sentAt <= cast($as_of as timestamp)
