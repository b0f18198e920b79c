-- Grain: one message of a lead that was read whole, as the file has it or as it was read.
-- Inputs: kept_message, import_message, asked_lead.
select id
from kept_message
where leadId in (select leadId from asked_lead)
union
select id
from import_message
where id is not null and leadId in (select leadId from asked_lead)
