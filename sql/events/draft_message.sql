-- Grain: one message that the AI sent from a draft of an anchor.
-- Inputs: message, anchor_draft.
select
    message.rowNumber as messageNumber,
    anchor_draft.draftNumber,
    anchor_draft.leadNumber,
    anchor_draft.channelNumber,
    anchor_draft.turnStart
from message
join anchor_draft on anchor_draft.draftId = message.aiDraftId
where message.sentBy = 'ai'
