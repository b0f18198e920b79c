-- Grain: one anchor, with all that the exports say of it.
-- Inputs: anchor, known_lead, known_channel, ai_answer.
-- Decision: apart from the event, which orders it: either may need all the memory there is.
select
    known_lead.clientNumber,
    known_lead.clientId,
    known_lead.leadId,
    known_lead.emailCampaignId,
    known_channel.channel,
    anchor.anchorId as inboundMessageId,
    anchor.anchorSentAt as inboundSentAt,
    anchor.setterResponseMessageId,
    anchor.setterResponseSentAt,
    anchor.setterSentByUserId,
    ai_answer.draftId as aiDraftId,
    ai_answer.aiResponseMessageId,
    ai_answer.aiResponseSentAt,
    ai_answer.runAt as aiScheduledRunAt,
    ai_answer.jobId as aiBackgroundJobId,
    ai_answer.startedAt as aiJobStartedAt,
    ai_answer.finishedAt as aiJobFinishedAt
from anchor
join known_lead on known_lead.leadNumber = anchor.leadNumber
join known_channel on known_channel.channelNumber = anchor.channelNumber
left join ai_answer on ai_answer.anchorNumber = anchor.anchorNumber
