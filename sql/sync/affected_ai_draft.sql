-- Grain: one draft for a message of an affected lead.
-- Inputs: ai_draft, affected_message.
select * exclude (rowNumber)
from ai_draft
where triggerMessageId in (select id from affected_message)
