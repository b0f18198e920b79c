-- Grain: one anchor, with all that the exports say of it; the delay is added in attribution.py.
-- Inputs: anchor, known_lead, known_channel, preferred_draft, preferred_job.
-- Decision: ordered by clientId, inboundSentAt, inboundMessageId, which is the output's order.
select
    known_lead.clientId,
    known_lead.leadId,
    known_lead.emailCampaignId,
    known_channel.channel,
    anchor.anchorId as inboundMessageId,
    anchor.anchorSentAt as inboundSentAt,
    anchor.setterResponseMessageId,
    anchor.setterResponseSentAt,
    anchor.setterSentByUserId,
    preferred_draft.draftId as aiDraftId,
    preferred_draft.aiResponseMessageId,
    preferred_draft.aiResponseSentAt,
    preferred_job.runAt as aiScheduledRunAt,
    preferred_job.jobId as aiBackgroundJobId,
    preferred_job.startedAt as aiJobStartedAt,
    preferred_job.finishedAt as aiJobFinishedAt
from anchor
join known_lead on known_lead.leadNumber = anchor.leadNumber
join known_channel on known_channel.channelNumber = anchor.channelNumber
left join preferred_draft on preferred_draft.anchorNumber = anchor.anchorNumber
left join preferred_job on preferred_job.anchorNumber = anchor.anchorNumber
order by known_lead.clientNumber, anchor.anchorSentAt, anchor.anchorId
