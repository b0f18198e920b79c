-- Grain: one anchor with a draft; of several drafts the preferred one, with its response.
-- Inputs: anchor_draft, draft_response, ai_draft, message.
-- Decision: sent before unsent, then later createdAt (null last), then greater id.
with
    ranked as (
        select
            anchor_draft.anchorNumber,
            anchor_draft.draftNumber,
            draft_response.responseNumber,
            row_number() over (
                partition by anchor_draft.anchorNumber
                order by
                    draft_response.draftNumber is null,
                    anchor_draft.createdAt desc nulls last,
                    anchor_draft.draftId desc
            ) as preference
        from anchor_draft
        left join draft_response on draft_response.draftNumber = anchor_draft.draftNumber
    )
select
    ranked.anchorNumber,
    ai_draft.triggerMessageId as anchorId,
    ai_draft.id as draftId,
    response.id as aiResponseMessageId,
    response.sentAt as aiResponseSentAt
from ranked
join ai_draft on ai_draft.rowNumber = ranked.draftNumber
left join message as response on response.rowNumber = ranked.responseNumber
where ranked.preference = 1
