-- Grain: one lead of the file that what was read stands for.
-- Inputs: kept_lead, import_lead, asked_lead.
-- Params: $leads_asked (whether a lead that was asked for and not found is gone).
select id
from kept_lead
where
    id in (select id from import_lead where id is not null)
    or ($leads_asked and id in (select leadId from asked_lead))
