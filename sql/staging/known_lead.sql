-- Grain: one lead: the client it belongs to and its campaign. Small numbers for lead and client
-- stand for their ids where many rows are partitioned or sorted: leadNumber is the place of a row
-- that names the lead, clientNumber has the clients' order.
-- Inputs: lead, message, background_job.
-- Params: $lead_given (whether the exports have a Lead table), $client (used without one; null).
-- Decision: without a Lead table the client is the messages', else the jobs', else $client;
-- a lead that they claim for different clients is contested and belongs to none.
with
    by_message as (
        select
            leadId, min(rowNumber) as leadNumber, min(clientId) as lowest, max(clientId) as highest
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
            by_message.leadNumber,
            by_message.leadId,
            coalesce(by_message.lowest, by_job.lowest, $client) as lowest,
            coalesce(by_message.highest, by_job.highest, $client) as highest,
            cast(null as varchar) as emailCampaignId
        from by_message
        left join by_job on by_job.leadId = by_message.leadId
        union all
        select rowNumber, id, clientId, clientId, emailCampaignId
        from lead
        where $lead_given
    ),
    client as (
        select lowest as clientId, dense_rank() over (order by lowest) as clientNumber
        from (select distinct lowest from claimed) as named
    )
select
    cast(claimed.leadNumber as integer) as leadNumber,
    claimed.leadId,
    client.clientNumber,
    case when claimed.lowest = claimed.highest then claimed.lowest end as clientId,
    coalesce(claimed.lowest <> claimed.highest, false) as isContested,
    claimed.emailCampaignId
from claimed
left join client on client.clientId = claimed.lowest
