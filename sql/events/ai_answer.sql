-- Grain: one anchor with a draft: the preferred draft, its response, and its preferred job.
-- Inputs: preferred_draft, preferred_job.
select
    preferred_draft.anchorNumber,
    preferred_draft.draftId,
    preferred_draft.aiResponseMessageId,
    preferred_draft.aiResponseSentAt,
    preferred_job.runAt,
    preferred_job.jobId,
    preferred_job.startedAt,
    preferred_job.finishedAt
from preferred_draft
left join preferred_job on preferred_job.anchorNumber = preferred_draft.anchorNumber
