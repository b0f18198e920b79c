-- Grain: one message of an affected lead.
-- Inputs: message, affected_lead.
select * exclude (rowNumber) from message where leadId in (select leadId from affected_lead)
