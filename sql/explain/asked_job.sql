-- Grain: one job about the message that is asked about, the preferred one first.
-- Inputs: background_job, preferred_draft, preferred_job.
-- Params: $message.
select
    background_job.id as jobId,
    background_job.type,
    background_job.draftId,
    background_job.runAt,
    background_job.startedAt,
    background_job.finishedAt,
    coalesce(background_job.draftId = preferred_draft.draftId, false) as isOfDraft,
    preferred_job.jobId is not null as isPreferred
from background_job
left join preferred_draft on preferred_draft.anchorId = background_job.messageId
left join preferred_job on preferred_job.jobId = background_job.id
where background_job.messageId = $message
order by
    isPreferred desc,
    isOfDraft desc,
    background_job.startedAt desc nulls last,
    background_job.runAt desc,
    background_job.id desc
