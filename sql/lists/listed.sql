-- Grain: one candidate that is shown: the worst, or the one that waits longest, first.
-- Inputs: measured_candidate.
-- Params: $limit (null: all).
select
    messageId,
    leadId,
    clientId,
    channel,
    emailCampaignId,
    sinceAt,
    untilAt,
    waitMs,
    severity,
    endedBy,
    firstOutboundBy,
    jobId,
    outcome,
    schedule,
    runAt,
    businessWaitMs,
    measuredMs
from measured_candidate
order by severity desc, measuredMs desc, sinceAt, messageId, jobId
limit $limit
