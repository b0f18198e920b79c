-- Grain: one delay with which the sending of an answer to an inbound message was scheduled; jobs
-- that repeat the same message and instant count once.
-- Inputs: sending_job, message, known_lead.
-- Decision: the window is the campaign's, or the client's where the lead has no campaign.
select distinct
    known_lead.emailCampaignId is not null as isCampaign,
    coalesce(known_lead.emailCampaignId, known_lead.clientId) as key,
    message.id as messageId,
    message.sentAt,
    epoch_us(sending_job.runAt) - epoch_us(message.sentAt) as delayMicroseconds
from sending_job
join message on message.id = sending_job.messageId
join known_lead on known_lead.leadId = message.leadId
where message.direction = 'inbound' and known_lead.clientId is not null
order by isCampaign desc, key, message.sentAt, messageId, delayMicroseconds
