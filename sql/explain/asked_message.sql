-- Grain: one message: the one that is asked about, if a build uses it, with its lead.
-- Inputs: message, known_lead, known_channel.
-- Params: $message.
select
    message.rowNumber as messageNumber,
    message.id,
    message.leadId,
    known_lead.leadNumber,
    known_lead.clientId,
    known_lead.emailCampaignId,
    message.channel,
    known_channel.channelNumber,
    message.direction,
    message.sentAt,
    message.sentBy,
    message.sentByUserId,
    message.aiDraftId,
    message.aiDraftPartIndex
from message
join known_lead on known_lead.leadId = message.leadId
join known_channel on known_channel.channel = message.channel
where message.id = $message and known_lead.clientId is not null
