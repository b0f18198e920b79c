-- Grain: one anchor that has an event: the one that is asked about, if it is one.
-- Inputs: anchor_context.
-- Params: $message.
select
    inboundMessageId,
    emailCampaignId,
    campaignName,
    responseMode,
    windowSource,
    streakStartMessageId,
    streakStartSentAt,
    streakInbounds,
    firstOutboundMessageId,
    firstOutboundSentAt,
    firstOutboundBy,
    turnMessages,
    turnBySetter,
    turnByAi,
    nextInboundMessageId,
    nextInboundSentAt,
    responseDisposition
from anchor_context
where inboundMessageId = $message
