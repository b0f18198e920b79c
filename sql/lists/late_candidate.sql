-- Grain: one sending job that was scheduled after the chosen delay: late, as reports count it.
-- Inputs: listed_job.
-- Decision: what sent, or should have by now, stands before what is due later. A job that ran as it
-- was scheduled is not late, however long it was in the queue.
select
    messageId,
    leadId,
    clientId,
    channel,
    emailCampaignId,
    sinceAt,
    coalesce(sentAt, runAt) as untilAt,
    lateMs as waitMs,
    case when outcome = 'due' then 0 else 1 end as severity,
    cast(null as varchar) as endedBy,
    cast(null as varchar) as firstOutboundBy,
    jobId,
    outcome,
    schedule,
    runAt
from listed_job
