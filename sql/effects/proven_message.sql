-- Grain: one message that has a job, with all that its jobs were due after it.
-- Inputs: job_outcome, message.
-- Decision: both instants are cut to whole milliseconds, as the app keeps them.
select
    message.rowNumber as messageNumber,
    list(scheduled_ms(job_outcome.runAt, message.sentAt)) as scheduledMs
from job_outcome
join message on message.id = job_outcome.messageId
group by message.rowNumber
