-- Grain: one stratum: a campaign, or a client for leads without one, and a window. How many
-- eligible inbounds it has, and what their jobs prove.
-- Inputs: eligible_inbound, job_proof.
-- Decision: with ten jobs or more, of which fewer than a tenth match, the window is not the one
-- that was in force.
with
    counted as (
        select
            eligible_inbound.emailCampaignId,
            eligible_inbound.clientId,
            eligible_inbound.minSeconds,
            eligible_inbound.maxSeconds,
            count(*) as inbounds,
            count(job_proof.messageNumber) as withJob,
            count(*) filter (where job_proof.isMatch) as match
        from eligible_inbound
        left join job_proof on job_proof.messageNumber = eligible_inbound.messageNumber
        group by
            eligible_inbound.emailCampaignId,
            eligible_inbound.clientId,
            eligible_inbound.minSeconds,
            eligible_inbound.maxSeconds
    ),
    named as (
        select
            emailCampaignId,
            clientId,
            minSeconds,
            maxSeconds,
            inbounds,
            withJob,
            match,
            row(emailCampaignId, clientId, minSeconds, maxSeconds) as stratumId
        from counted
    )
select
    emailCampaignId,
    clientId,
    minSeconds,
    maxSeconds,
    inbounds,
    withJob,
    match,
    withJob >= 10 and match * 10 < withJob as isUnproven,
    row_number() over (order by stratumId) as stratumNumber
from named
