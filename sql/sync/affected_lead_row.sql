-- Grain: one affected lead, as in Lead.
-- Inputs: lead, affected_lead.
select * exclude (rowNumber) from lead where id in (select leadId from affected_lead)
