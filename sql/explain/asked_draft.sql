-- Grain: one draft written for the message that is asked about, the preferred one first.
-- Inputs: ai_draft, anchor_draft, draft_response, message, preferred_draft.
-- Params: $message.
select
    ai_draft.id as draftId,
    ai_draft.channel,
    ai_draft.createdAt,
    anchor_draft.draftNumber is not null as isCandidate,
    response.id as aiResponseMessageId,
    preferred_draft.draftId is not null as isPreferred
from ai_draft
left join anchor_draft on anchor_draft.draftNumber = ai_draft.rowNumber
left join draft_response on draft_response.draftNumber = ai_draft.rowNumber
left join message as response on response.rowNumber = draft_response.responseNumber
left join preferred_draft on preferred_draft.draftId = ai_draft.id
where ai_draft.triggerMessageId = $message
order by
    isPreferred desc,
    isCandidate desc,
    response.id is null,
    ai_draft.createdAt desc nulls last,
    ai_draft.id desc
