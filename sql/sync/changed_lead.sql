-- Grain: one lead of which any row is not as it was.
-- Inputs: touched_lead, touched_message, kept_message, read_message.
select leadId
from touched_lead
union
select leadId
from kept_message
where id in (select messageId from touched_message)
union
select leadId
from read_message
where id in (select messageId from touched_message)
