-- Grain: one sending job whose inbound message is known, and that passes the filters by it.
-- Inputs: job_outcome, inbox_message, inbox_lead.
-- Params: $since, $until, $clients, $channels, $campaigns (null: all).
-- Decision: how late a job is, is from the chosen delay's end to when it sent or, unsent, was to
-- run. Of an instant that no clock gives nothing is told.
select
    job_outcome.jobId,
    job_outcome.messageId,
    job_outcome.leadId,
    job_outcome.clientId,
    inbox_message.channel,
    inbox_lead.emailCampaignId,
    inbox_message.sentAt as sinceAt,
    job_outcome.sentAt,
    job_outcome.outcome,
    job_outcome.schedule,
    job_outcome.runAt,
    case
        when job_outcome.schedule <> 'implausible'
        then
            elapsed_ms(inbox_message.sentAt, coalesce(job_outcome.sentAt, job_outcome.runAt))
            - job_outcome.chosenDelaySeconds * 1000
    end as lateMs
from job_outcome
join inbox_message on inbox_message.id = job_outcome.messageId
left join inbox_lead on inbox_lead.id = job_outcome.leadId
where
    inbox_message.direction = 'inbound'
    and is_asked(
        inbox_message.sentAt,
        job_outcome.clientId,
        inbox_message.channel,
        $since,
        $until,
        $clients,
        $channels
    )
    and (
        $campaigns is null
        or coalesce(list_contains(cast($campaigns as varchar[]), inbox_lead.emailCampaignId), false)
    )
