-- Grain: one lead with a message that was written, or sent, since it was last read.
-- Inputs: Message.
-- Fragments: schema; changed, whether a row is newer; message_leadId, as text.
select distinct {{ message_leadId }} as "leadId"
from {{ schema }}."Message" as message
where {{ changed }}
