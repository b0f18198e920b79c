-- Grain: one draft of an anchor: its place among them (1: preferred), and preferredBy, the key by
-- which the preferred one goes before it; null of the preferred one itself.
-- Inputs: anchor_draft, draft_response.
-- Decision: sent before unsent, then later createdAt (null last), then greater id.
with
    candidate as (
        select
            anchor_draft.anchorNumber,
            anchor_draft.draftNumber,
            anchor_draft.draftId,
            anchor_draft.createdAt,
            draft_response.responseNumber,
            draft_response.draftNumber is not null as isSent
        from anchor_draft
        left join draft_response on draft_response.draftNumber = anchor_draft.draftNumber
    )
select
    anchorNumber,
    draftNumber,
    responseNumber,
    row_number() over preference as preference,
    case
        when isSent is distinct from first_value(isSent) over preference
        then 'sentBeforeUnsent'
        when createdAt is distinct from first_value(createdAt) over preference
        then 'laterCreatedAt'
        when draftId is distinct from first_value(draftId) over preference
        then 'greaterId'
    end as preferredBy
from candidate
window
    preference as (
        partition by anchorNumber order by isSent desc, createdAt desc nulls last, draftId desc
    )
