-- Grain: one lead of messages that are asked for by id.
-- Inputs: Message.
-- Settings: timingctl.ids, ids as JSON.
-- Fragments: schema; message_id and message_leadId, as text.
select distinct {{ message_leadId }} as "leadId"
from {{ schema }}."Message" as message
where {{ message_id }} in (select json_array_elements_text(current_setting('timingctl.ids')::json))
