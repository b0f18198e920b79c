-- Grain: one candidate whose wait has a whole weekend in it, on the zone's clock.
-- Inputs: candidate.
-- Params: $zone.
-- Decision: it started before a Saturday and went on to the Monday, at its midnight or later.
with
    placed as (
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
            timezone($zone, timezone('UTC', sinceAt)) as sinceLocal,
            timezone($zone, timezone('UTC', untilAt)) as untilLocal
        from candidate
    )
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
from placed
where
    untilLocal
    >= date_trunc('week', sinceLocal)
    + case
        when sinceLocal < date_trunc('week', sinceLocal) + interval 5 day
        then interval 7 day
        else interval 14 day
    end
