-- Grain: one lead of the file that what was read stands for.
-- Inputs: kept_lead, read_lead, asked_lead.
-- Params: $leads_asked (whether a lead that was asked for and not found is gone).
select id
from kept_lead
where id in (select id from read_lead) or ($leads_asked and id in (select leadId from asked_lead))
