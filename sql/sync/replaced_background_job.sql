-- Grain: one job of the file that what was read stands for.
-- Inputs: kept_background_job, import_background_job, asked_message, asked_lead.
select id
from kept_background_job
where
    messageId in (select id from asked_message)
    or leadId in (select leadId from asked_lead)
    or id in (select id from import_background_job where id is not null)
