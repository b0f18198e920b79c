-- Grain: one sending job of an anchor's preferred draft: its place among them (1: preferred), and
-- preferredBy, the key by which the preferred one goes before it; null of the preferred one itself.
-- Inputs: sending_job, preferred_draft.
-- Decision: started before unstarted, then later startedAt, later runAt, greater id.
with
    candidate as (
        select
            preferred_draft.anchorNumber,
            sending_job.id as jobId,
            sending_job.runAt,
            sending_job.startedAt,
            sending_job.finishedAt
        from sending_job
        join
            preferred_draft
            on preferred_draft.draftId = sending_job.draftId
            and preferred_draft.anchorId = sending_job.messageId
    )
select
    anchorNumber,
    jobId,
    runAt,
    startedAt,
    finishedAt,
    row_number() over preference as preference,
    case
        when startedAt is null and first_value(startedAt) over preference is not null
        then 'startedBeforeUnstarted'
        when startedAt is distinct from first_value(startedAt) over preference
        then 'laterStartedAt'
        when runAt is distinct from first_value(runAt) over preference
        then 'laterRunAt'
        when jobId is distinct from first_value(jobId) over preference
        then 'greaterId'
    end as preferredBy
from candidate
window
    preference as (
        partition by anchorNumber order by startedAt desc nulls last, runAt desc, jobId desc
    )
