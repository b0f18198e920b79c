-- Grain: one job that sends a draft, with the inbound message that it is about, where the exports
-- have that; heardUntil is when its story ends: when it started or, unstarted, was to start.
-- Inputs: background_job, message, known_lead, known_channel.
select
    background_job.rowNumber as jobNumber,
    background_job.id as jobId,
    background_job.messageId,
    background_job.draftId,
    message.rowNumber as messageNumber,
    message.sentAt as inboundSentAt,
    known_lead.leadNumber,
    known_channel.channelNumber,
    coalesce(message.leadId, background_job.leadId) as leadId,
    coalesce(known_lead.clientId, background_job.clientId) as clientId,
    background_job.createdAt,
    background_job.runAt,
    background_job.startedAt,
    background_job.finishedAt,
    coalesce(background_job.startedAt, background_job.runAt) as heardUntil,
    background_job.attempts,
    background_job.lastError is not null
    or coalesce(upper(background_job.status) = 'FAILED', false) as hasFailed
from background_job
left join message on message.id = background_job.messageId and message.direction = 'inbound'
left join known_lead on known_lead.leadId = coalesce(message.leadId, background_job.leadId)
left join known_channel on known_channel.channel = message.channel
where background_job.type = 'AI_AUTO_SEND_DELAYED'
