-- Grain: one anchor with a draft; of several drafts the preferred one, with its response.
-- Inputs: anchor_draft, draft_response.
-- Decision: sent before unsent, then later createdAt (null last), then greater id.
with
    ranked as (
        select
            anchor_draft.anchorId,
            anchor_draft.draftId,
            draft_response.aiResponseMessageId,
            draft_response.aiResponseSentAt,
            row_number() over (
                partition by anchor_draft.anchorId
                order by
                    draft_response.draftId is null,
                    anchor_draft.createdAt desc nulls last,
                    anchor_draft.draftId desc
            ) as preference
        from anchor_draft
        left join draft_response on draft_response.draftId = anchor_draft.draftId
    )
select anchorId, draftId, aiResponseMessageId, aiResponseSentAt
from ranked
where preference = 1
