-- Grain: one candidate that is shown: the worst, or the one that waits longest, first. `total` is
-- how
-- many there are.
-- Inputs: candidate.
-- Params: $limit (null: all), $weekend (only waits that have a whole weekend in them), $zone.
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
    count(*) over () as total
from candidate
where
    not $weekend
    or has_weekend(
        timezone($zone, timezone('UTC', sinceAt)), timezone($zone, timezone('UTC', untilAt))
    )
order by severity desc, waitMs desc, sinceAt, messageId, jobId
limit $limit
