-- Grain: one message of an affected lead.
-- Inputs: message, affected_lead.
select id from message where leadId in (select leadId from affected_lead)
