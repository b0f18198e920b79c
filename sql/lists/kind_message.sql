-- Grain: one inbound message that a job of the kind that is listed is about.
-- Inputs: inbox_message, kind_job.
select id, channel, sentAt
from inbox_message
where direction = 'inbound' and id in (select messageId from kind_job)
