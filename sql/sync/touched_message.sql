-- Grain: one message that a draft or a job which changed is about, before or now.
-- Inputs: change_ai_draft, kept_ai_draft, read_ai_draft, change_background_job,
-- kept_background_job, read_background_job.
select triggerMessageId as messageId
from kept_ai_draft
where id in (select id from change_ai_draft)
union
select triggerMessageId
from read_ai_draft
where id in (select id from change_ai_draft)
union
select messageId
from kept_background_job
where id in (select id from change_background_job)
union
select messageId
from read_background_job
where id in (select id from change_background_job)
