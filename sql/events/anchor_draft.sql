-- Grain: one draft that an anchor triggered, written for the anchor's channel.
-- Inputs: ai_draft, anchor.
select
    ai_draft.id as draftId,
    ai_draft.createdAt,
    anchor.anchorId,
    anchor.leadNumber,
    anchor.channel,
    anchor.turnStart
from ai_draft
join anchor on anchor.anchorId = ai_draft.triggerMessageId and anchor.channel = ai_draft.channel
