-- Grain: one draft written for the message that is asked about, the preferred one first. reason
-- says by which key it is preferred to the next one, or the preferred one to it, or why it is no
-- candidate.
-- Inputs: ai_draft, anchor, ranked_draft, message.
-- Params: $message, $message_number.
with
    ranked as (
        select
            draftNumber,
            responseNumber,
            preference,
            coalesce(
                preferredBy, lead(preferredBy) over (order by preference), 'only'
            ) as preferredBy
        from ranked_draft
        where anchorNumber = $message_number
    )
select
    ai_draft.id as draftId,
    ai_draft.channel,
    ai_draft.createdAt,
    response.id as aiResponseMessageId,
    coalesce(ranked.preference = 1, false) as isPreferred,
    case
        when anchor.anchorNumber is null
        then 'noAnchor'
        when ranked.draftNumber is null
        then 'otherChannel'
        else ranked.preferredBy
    end as reason
from ai_draft
left join anchor on anchor.anchorId = ai_draft.triggerMessageId
left join ranked on ranked.draftNumber = ai_draft.rowNumber
left join message as response on response.rowNumber = ranked.responseNumber
where ai_draft.triggerMessageId = $message
order by ranked.preference nulls last, ai_draft.createdAt desc nulls last, ai_draft.id desc
