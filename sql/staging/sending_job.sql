-- Grain: one job that sends a draft.
-- Inputs: background_job.
select id, messageId, draftId, runAt, startedAt, finishedAt
from background_job
where type = 'AI_AUTO_SEND_DELAYED'
