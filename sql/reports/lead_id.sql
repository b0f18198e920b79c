-- Grain: one id of a lead that an inbox knows: of a message, or of Lead.
-- Inputs: inbox_message, inbox_lead.
select leadId
from inbox_message
union
select id as leadId
from inbox_lead
