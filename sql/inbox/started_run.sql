-- Grain: one run of inbounds that waits for an answer: its first message, and when its last came.
-- Inputs: waiting_run, message.
select
    waiting_run.leadNumber,
    waiting_run.channelNumber,
    waiting_run.inbounds,
    waiting_run.startNumber,
    waiting_run.answerNumber,
    started.id as startMessageId,
    started.sentAt as startSentAt,
    latest.sentAt as lastInboundSentAt
from waiting_run
join message as started on started.rowNumber = waiting_run.startNumber
join message as latest on latest.rowNumber = waiting_run.lastNumber
