-- Grain: one message of a lead that changed.
-- Inputs: Message.
-- Settings: timingctl.leads, ids as JSON.
-- Fragments: schema; message_id and message_leadId, as text.
select {{ message_id }} as "id"
from {{ schema }}."Message" as message
where
    {{ message_leadId }}
    in (select json_array_elements_text(current_setting('timingctl.leads')::json))
