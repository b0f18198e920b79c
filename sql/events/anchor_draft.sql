-- Grain: one draft that an anchor triggered, written for the anchor's channel.
-- Inputs: ai_draft, known_channel, anchor.
select
    ai_draft.rowNumber as draftNumber,
    ai_draft.id as draftId,
    ai_draft.createdAt,
    anchor.anchorNumber,
    anchor.leadNumber,
    anchor.channelNumber,
    anchor.turnStart
from ai_draft
join known_channel on known_channel.channel = ai_draft.channel
join
    anchor
    on anchor.anchorId = ai_draft.triggerMessageId
    and anchor.channelNumber = known_channel.channelNumber
