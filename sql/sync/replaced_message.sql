-- Grain: one message of the file that what was read stands for: those of leads that were read
-- whole, and those that were read again, usable or not.
-- Inputs: kept_message, asked_lead, import_message.
select id
from kept_message
where
    leadId in (select leadId from asked_lead)
    or id in (select id from import_message where id is not null)
