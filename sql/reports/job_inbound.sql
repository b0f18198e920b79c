-- Grain: one inbound message that a job is about.
-- Inputs: inbox_message, job_outcome.
-- Params: $jobs_placed (else there is none: nothing is asked of them).
select id, channel, sentAt
from inbox_message
where direction = 'inbound' and $jobs_placed and id in (select messageId from job_outcome)
