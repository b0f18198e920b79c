-- Grain: one job of the file that what was read stands for.
-- Inputs: kept_background_job, kept_message, import_background_job, asked_message, asked_lead.
-- Decision: a job whose message is of another lead is that lead's, whatever lead it names.
select id
from kept_background_job
where
    messageId in (select id from asked_message)
    or (
        leadId in (select leadId from asked_lead) and messageId not in (select id from kept_message)
    )
    or id in (select id from import_background_job where id is not null)
