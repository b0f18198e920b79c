-- Grain: one candidate that is shown: the worst, or the one that waits longest, first.
-- Inputs: candidate.
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
    runAt
from candidate
order by severity desc, waitMs desc, sinceAt, messageId, jobId
limit $limit
