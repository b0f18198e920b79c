-- Grain: one job that a sync asks for: those about messages of leads that changed or about such
-- leads, and those asked for by id.
-- Inputs: BackgroundJob.
-- Settings: timingctl.leads and timingctl.again_job, ids as JSON.
-- Fragments: schema; of_leads, messages of leads that changed; job_key, the id as it is
-- compared; ids and references, as text.
select {{ job_key }} as "id"
from {{ schema }}."BackgroundJob" as job
where {{ job_messageId }} in ({{ of_leads }})
union
select {{ job_key }} as "id"
from {{ schema }}."BackgroundJob" as job
where
    {{ job_leadId }} in (select json_array_elements_text(current_setting('timingctl.leads')::json))
union
select {{ job_key }} as "id"
from {{ schema }}."BackgroundJob" as job
where
    {{ job_id }} in (select json_array_elements_text(current_setting('timingctl.again_job')::json))
