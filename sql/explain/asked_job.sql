-- Grain: one job about the message that is asked about, the preferred one first. reason says by
-- which key it is preferred to the next one, or the preferred one to it, or why it is no candidate.
-- Inputs: background_job, anchor, preferred_draft, sending_job, ranked_job.
-- Params: $message, $message_number.
with
    ranked as (
        select
            jobId,
            preference,
            coalesce(
                preferredBy, lead(preferredBy) over (order by preference), 'only'
            ) as preferredBy
        from ranked_job
        where anchorNumber = $message_number
    )
select
    background_job.id as jobId,
    background_job.type,
    background_job.draftId,
    background_job.runAt,
    background_job.startedAt,
    background_job.finishedAt,
    coalesce(ranked.preference = 1, false) as isPreferred,
    case
        when anchor.anchorNumber is null
        then 'noAnchor'
        when ranked.jobId is not null
        then ranked.preferredBy
        when sending_job.id is null
        then 'otherType'
        when background_job.draftId is null
        then 'noDraft'
        else 'otherDraft'
    end as reason
from background_job
left join anchor on anchor.anchorId = background_job.messageId
left join
    preferred_draft
    on preferred_draft.anchorNumber = anchor.anchorNumber
    and preferred_draft.draftId = background_job.draftId
left join sending_job on sending_job.id = background_job.id
left join ranked on ranked.jobId = background_job.id
where background_job.messageId = $message
order by
    ranked.preference nulls last,
    preferred_draft.draftId is null,
    background_job.startedAt desc nulls last,
    background_job.runAt desc,
    background_job.id desc
