-- Grain: one violation: a job that sends a draft which AIDraft lacks.
-- Inputs: sending_job, import_ai_draft.
select
    'Jobs name a draft that AIDraft lacks' as kind,
    'AIDraft' as lacking,
    sending_job.id,
    sending_job.draftId as referencedId
from sending_job
anti join import_ai_draft on import_ai_draft.id = sending_job.draftId
where sending_job.draftId is not null
