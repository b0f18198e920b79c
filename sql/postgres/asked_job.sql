-- Grain: one job that a sync asks for: those about messages of leads that changed or about such
-- leads, and those asked for by id.
-- Inputs: BackgroundJob, Message.
-- Settings: timingctl.leads and timingctl.again_job, ids as JSON.
-- Fragments: schema; ids and references, as text.
select job."id"
from {{ schema }}."BackgroundJob" as job
where
    {{ job_messageId }} in (
        select {{ message_id }}
        from {{ schema }}."Message" as message
        where
            {{ message_leadId }}
            in (select json_array_elements_text(current_setting('timingctl.leads')::json))
    )
union
select job."id"
from {{ schema }}."BackgroundJob" as job
where
    {{ job_leadId }} in (select json_array_elements_text(current_setting('timingctl.leads')::json))
union
select job."id"
from {{ schema }}."BackgroundJob" as job
where
    {{ job_id }} in (select json_array_elements_text(current_setting('timingctl.again_job')::json))
