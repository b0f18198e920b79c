-- Grain: one job that was written, or did anything, since it was last read; the message that it is
-- about, and the lead that it names.
-- Inputs: BackgroundJob.
-- Fragments: schema; changed, whether a row is newer; job_id, job_messageId and job_leadId, as
-- text.
select {{ job_id }} as "id", {{ job_messageId }} as "messageId", {{ job_leadId }} as "leadId"
from {{ schema }}."BackgroundJob" as job
where {{ changed }}
