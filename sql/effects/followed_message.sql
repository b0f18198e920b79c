-- Grain: one message up to the as-of of a lead whose client is asked for: whose it is, when it was
-- sent, and whether it is an answer.
-- Inputs: message, known_lead, followed_lead, known_channel.
-- Params: $as_of.
-- Decision: an answer is a setter's, with a user id or without, or the AI's.
select
    message.rowNumber as messageNumber,
    known_lead.leadNumber,
    known_channel.channelNumber,
    epoch_us(message.sentAt) as sentUs,
    message.direction = 'inbound' as isInbound,
    message.direction <> 'inbound'
    and coalesce(message.sentBy in ('setter', 'ai'), false) as isAnswer
from message
join known_lead on known_lead.leadId = message.leadId
join followed_lead on followed_lead.leadNumber = known_lead.leadNumber
join known_channel on known_channel.channel = message.channel
where followed_lead.isAsked and message.sentAt <= cast($as_of as timestamp)
