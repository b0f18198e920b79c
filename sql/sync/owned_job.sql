-- Grain: one job that belongs to an affected lead, by its message or else by its own word; or that
-- changed, or whose message did, and that belongs to none.
-- Inputs: background_job, message, affected_lead, change_background_job, change_message.
-- Decision: a job is about inbound messages alone, as in sql/inbox/scheduled_job.sql.
select background_job.id
from background_job
left join message on message.id = background_job.messageId and message.direction = 'inbound'
where
    coalesce(message.leadId, background_job.leadId) in (select leadId from affected_lead)
    or (
        coalesce(message.leadId, background_job.leadId) is null
        and (
            background_job.id in (select id from change_background_job)
            or background_job.messageId in (select id from change_message)
        )
    )
