-- Grain: one sending job of the kind that is listed, which passes the filters.
-- Inputs: kind_job, kind_message, inbox_lead.
-- Params: $since, $until, $clients, $channels, $campaigns (null: all).
-- Decision: a job whose inbound message is not known passes where nothing is asked of that message.
-- How late a job is, is from the chosen delay's end to when it sent or, unsent, was to
-- run. Of an instant that no clock gives nothing is told.
select
    kind_job.jobId,
    kind_job.messageId,
    kind_job.leadId,
    kind_job.clientId,
    kind_message.channel,
    inbox_lead.emailCampaignId,
    kind_message.sentAt as sinceAt,
    kind_job.sentAt,
    kind_job.outcome,
    kind_job.schedule,
    kind_job.runAt,
    case
        when kind_job.schedule <> 'implausible'
        then
            elapsed_ms(kind_message.sentAt, coalesce(kind_job.sentAt, kind_job.runAt))
            - kind_job.chosenDelaySeconds * 1000
    end as lateMs
from kind_job
left join kind_message on kind_message.id = kind_job.messageId
left join inbox_lead on inbox_lead.id = kind_job.leadId
where
    is_asked(
        kind_message.sentAt,
        kind_job.clientId,
        kind_message.channel,
        $since,
        $until,
        $clients,
        $channels
    )
    and (
        $campaigns is null
        or coalesce(list_contains(cast($campaigns as varchar[]), inbox_lead.emailCampaignId), false)
    )
