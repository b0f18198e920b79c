-- Grain: one job of the file that what was read stands for.
-- Inputs: kept_background_job, read_background_job, replaced_message, read_message, asked_lead.
select id
from kept_background_job
where
    messageId in (select id from replaced_message)
    or messageId in (select id from read_message)
    or leadId in (select leadId from asked_lead)
    or id in (select id from read_background_job)
