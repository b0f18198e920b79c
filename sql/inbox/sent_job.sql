-- Grain: one job that sent its draft: the message, and when that was sent.
-- Inputs: job_sending, message.
select job_sending.jobNumber, message.id as sentMessageId, message.sentAt
from job_sending
join message on message.rowNumber = job_sending.sentNumber
