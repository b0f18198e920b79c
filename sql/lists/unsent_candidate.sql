-- Grain: one sending job that sent nothing and is not due later.
-- Inputs: listed_job.
-- Params: $as_of.
-- Decision: what failed or nothing explains stands first; then what was overtaken. What came after
-- the as-of is of no age; of an inbound that is not known no age is known.
select
    messageId,
    leadId,
    clientId,
    channel,
    emailCampaignId,
    sinceAt,
    cast($as_of as timestamp) as untilAt,
    case
        when sinceAt is not null then greatest(elapsed_ms(sinceAt, cast($as_of as timestamp)), 0)
    end as waitMs,
    case when outcome = 'failed' then 2 when outcome = 'unexplained' then 1 else 0 end as severity,
    cast(null as varchar) as endedBy,
    cast(null as varchar) as firstOutboundBy,
    jobId,
    outcome,
    schedule,
    runAt
from listed_job
