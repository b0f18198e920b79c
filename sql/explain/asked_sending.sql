-- Grain: one job about the message that is asked about that sends a draft: how it was scheduled,
-- and what became of it; the one that started last first.
-- Inputs: job_outcome.
-- Params: $message.
select
    jobId,
    draftId,
    chosenDelaySeconds,
    runAt,
    startedAt,
    finishedAt,
    sentMessageId,
    sentAt,
    schedule,
    waitedMs,
    sendMs,
    outcome
from job_outcome
where messageId = $message
order by startedAt desc nulls last, runAt desc, jobId desc
