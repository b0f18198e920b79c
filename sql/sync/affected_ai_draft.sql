-- Grain: one draft for a message of an affected lead.
-- Inputs: ai_draft, affected_message.
select id from ai_draft where triggerMessageId in (select id from affected_message)
