-- Grain: one lead: the client it belongs to and its campaign. Small numbers for lead and client
-- stand for their ids where many rows are partitioned or sorted; clientNumber has their order.
-- Inputs: lead, message, background_job.
-- Params: $lead_given (whether the exports have a Lead table), $client (used without one; null).
-- Decision: without a Lead table the client is the messages', else the jobs', else $client;
-- a lead that they claim for different clients is contested and belongs to none.
with
    by_message as (
        select leadId, min(clientId) as lowest, max(clientId) as highest
        from message
        where not $lead_given
        group by leadId
    ),
    by_job as (
        select leadId, min(clientId) as lowest, max(clientId) as highest
        from background_job
        where not $lead_given and leadId is not null
        group by leadId
    ),
    claimed as (
        select
            by_message.leadId,
            coalesce(by_message.lowest, by_job.lowest, $client) as lowest,
            coalesce(by_message.highest, by_job.highest, $client) as highest,
            cast(null as varchar) as emailCampaignId
        from by_message
        left join by_job on by_job.leadId = by_message.leadId
        union all
        select id, clientId, clientId, emailCampaignId
        from lead
        where $lead_given
    )
select
    cast(row_number() over (order by leadId) as integer) as leadNumber,
    leadId,
    dense_rank() over (order by lowest) as clientNumber,
    case when lowest = highest then lowest end as clientId,
    coalesce(lowest <> highest, false) as isContested,
    emailCampaignId
from claimed
