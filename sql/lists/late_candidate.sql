-- Grain: one sending job that sent, or was to run, more than 10 seconds after the chosen delay.
-- Inputs: listed_job.
-- Decision: 10 seconds late are on time, as in the report's drift.
select
    messageId,
    leadId,
    clientId,
    channel,
    emailCampaignId,
    sinceAt,
    coalesce(sentAt, runAt) as untilAt,
    lateMs as waitMs,
    0 as severity,
    cast(null as varchar) as endedBy,
    cast(null as varchar) as firstOutboundBy,
    jobId,
    outcome,
    schedule,
    runAt
from listed_job
where lateMs > 10000
