-- Grain: one anchor with a draft; of several drafts the preferred one, with its response.
-- Inputs: ranked_draft, ai_draft, message.
select
    ranked_draft.anchorNumber,
    ai_draft.triggerMessageId as anchorId,
    ai_draft.id as draftId,
    response.id as aiResponseMessageId,
    response.sentAt as aiResponseSentAt
from ranked_draft
join ai_draft on ai_draft.rowNumber = ranked_draft.draftNumber
left join message as response on response.rowNumber = ranked_draft.responseNumber
where ranked_draft.preference = 1
