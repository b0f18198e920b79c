-- Grain: one lead of which something was written, or happened, since it was last read.
-- Inputs: Message, AIDraft, BackgroundJob.
-- Settings: timingctl.since, an instant in UTC; timingctl.transaction, its id.
-- Fragments: schema; the ids and references as text; message_changed, draft_changed and
-- job_changed, whether a row is newer; own, the leads whose own row is.
select changed."leadId"
from
    (
        select {{ message_leadId }} as "leadId"
        from {{ schema }}."Message" as message
        where {{ message_changed }}
        union
        select {{ message_leadId }}
        from {{ schema }}."AIDraft" as draft
        join {{ schema }}."Message" as message on {{ message_id }} = {{ draft_triggerMessageId }}
        where {{ draft_changed }}
        union
        select {{ message_leadId }}
        from {{ schema }}."BackgroundJob" as job
        join {{ schema }}."Message" as message on {{ message_id }} = {{ job_messageId }}
        where {{ job_changed }}
        union
        select {{ job_leadId }}
        from {{ schema }}."BackgroundJob" as job
        where {{ job_changed }} {{ own }}
    ) as changed
where changed."leadId" is not null
order by changed."leadId"
