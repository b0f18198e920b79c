-- Grain: one wait that was answered, and that passes the filters by its start.
-- Inputs: wait.
-- Params: $since, $until, $clients, $channels, $campaigns (null: all).
select
    startMessageId as messageId,
    leadId,
    clientId,
    channel,
    emailCampaignId,
    startSentAt as sinceAt,
    endSentAt as untilAt,
    waitMs,
    0 as severity,
    endedBy,
    cast(null as varchar) as firstOutboundBy,
    cast(null as varchar) as jobId,
    cast(null as varchar) as outcome,
    cast(null as varchar) as schedule,
    cast(null as timestamp) as runAt
from wait
where
    endSentAt is not null
    and is_asked(startSentAt, clientId, channel, $since, $until, $clients, $channels)
    and ($campaigns is null or list_contains(cast($campaigns as varchar[]), emailCampaignId))
