-- Grain: one lead with a message that was written, or sent, since it was last read; or such a
-- message that names none.
-- Inputs: Message.
-- Fragments: schema; changed, whether a row is newer; message_id and message_leadId, as text.
select distinct
    nullif({{ message_leadId }}, '') as "leadId",
    case when nullif({{ message_leadId }}, '') is null then {{ message_id }} end as "id"
from {{ schema }}."Message" as message
where {{ changed }}
