-- Grain: one inbound message, with whose delay window may have been in force when it came. The
-- window itself is looked up in inboxes/windows.py.
-- Inputs: message, known_lead.
select
    message.rowNumber as messageNumber,
    message.id as inboundMessageId,
    message.sentAt as inboundSentAt,
    known_lead.clientId,
    known_lead.emailCampaignId
from message
join known_lead on known_lead.leadId = message.leadId
where message.direction = 'inbound' and known_lead.clientId is not null
