-- Grain: one job that sends a draft, with the inbound message that it is about, where the exports
-- have that; heardUntil is when its story ends: when it started or, unstarted, was to start.
-- Inputs: background_job, message, orphan_message, known_lead, known_channel.
-- Decision: a message that could not be used, for want of its lead, is one that is not there.
with
    inbound as (
        select rowNumber, id, leadId, channel, sentAt
        from message
        where direction = 'inbound' and id not in (select id from orphan_message)
    )
select
    background_job.rowNumber as jobNumber,
    background_job.id as jobId,
    background_job.messageId,
    background_job.draftId,
    inbound.rowNumber as messageNumber,
    inbound.sentAt as inboundSentAt,
    known_lead.leadNumber,
    known_channel.channelNumber,
    coalesce(inbound.leadId, background_job.leadId) as leadId,
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
left join inbound on inbound.id = background_job.messageId
left join known_lead on known_lead.leadId = coalesce(inbound.leadId, background_job.leadId)
left join known_channel on known_channel.channel = inbound.channel
where background_job.type = 'AI_AUTO_SEND_DELAYED'
