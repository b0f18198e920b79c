-- Grain: one message that a sync asks for: those of leads that changed, and those asked for by id.
-- Inputs: Message.
-- Settings: timingctl.leads and timingctl.again_message, ids as JSON.
-- Fragments: schema; message_id and message_leadId, as text.
select message."id"
from {{ schema }}."Message" as message
where
    {{ message_leadId }}
    in (select json_array_elements_text(current_setting('timingctl.leads')::json))
union
select message."id"
from {{ schema }}."Message" as message
where
    {{ message_id }}
    in (select json_array_elements_text(current_setting('timingctl.again_message')::json))
