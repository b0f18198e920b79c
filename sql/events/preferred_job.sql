-- Grain: one anchor whose preferred draft has a sending job; of several jobs the preferred one.
-- Inputs: background_job, preferred_draft.
-- Decision: started before unstarted, then later startedAt, later runAt, greater id.
with
    ranked as (
        select
            preferred_draft.anchorNumber,
            background_job.id as jobId,
            background_job.runAt,
            background_job.startedAt,
            background_job.finishedAt,
            row_number() over (
                partition by preferred_draft.anchorNumber
                order by
                    background_job.startedAt desc nulls last,
                    background_job.runAt desc,
                    background_job.id desc
            ) as preference
        from background_job
        join
            preferred_draft
            on preferred_draft.draftId = background_job.draftId
            and preferred_draft.anchorId = background_job.messageId
        where background_job.type = 'AI_AUTO_SEND_DELAYED'
    )
select anchorNumber, jobId, runAt, startedAt, finishedAt
from ranked
where preference = 1
