-- Grain: one lead, as in sql/staging; its id and its client's stand for their numbers, because
-- tasks that are repeated number rows otherwise.
-- Inputs: lead, message, background_job.
-- Params: $lead_given (whether the exports have a Lead table), $client (used without one; null).
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
    leadId as leadNumber,
    leadId,
    lowest as clientNumber,
    case when lowest = highest then lowest end as clientId,
    coalesce(lowest <> highest, false) as isContested,
    emailCampaignId
from claimed
