-- Grain: one anchor, with all that the exports say of it; the delay is added in attribution.py.
-- Inputs: answered_anchor.
-- Decision: ordered by clientId, inboundSentAt, inboundMessageId, which is the output's order.
select
    clientId,
    leadId,
    emailCampaignId,
    channel,
    inboundMessageId,
    inboundSentAt,
    setterResponseMessageId,
    setterResponseSentAt,
    setterSentByUserId,
    aiDraftId,
    aiResponseMessageId,
    aiResponseSentAt,
    aiScheduledRunAt,
    aiBackgroundJobId,
    aiJobStartedAt,
    aiJobFinishedAt
from answered_anchor
order by clientNumber, inboundSentAt, inboundMessageId
