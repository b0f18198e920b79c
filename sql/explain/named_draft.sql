-- Grain: one draft: the one that the message that is asked about was sent from, with the first
-- message that the AI sent from it after its trigger, and the draft that is preferred to it.
-- Inputs: asked_message, ai_draft, message, anchor, draft_response, preferred_draft.
select
    ai_draft.id as draftId,
    ai_draft.channel,
    ai_draft.triggerMessageId,
    trigger.leadId as triggerLeadId,
    trigger.channel as triggerChannel,
    anchor.anchorId,
    response.id as aiResponseMessageId,
    preferred_draft.draftId as preferredDraftId
from asked_message
join ai_draft on ai_draft.id = asked_message.aiDraftId
left join message as trigger on trigger.id = ai_draft.triggerMessageId
left join anchor on anchor.anchorId = ai_draft.triggerMessageId
left join draft_response on draft_response.draftNumber = ai_draft.rowNumber
left join message as response on response.rowNumber = draft_response.responseNumber
left join preferred_draft on preferred_draft.anchorId = ai_draft.triggerMessageId
