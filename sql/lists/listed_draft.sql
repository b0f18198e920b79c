-- Grain: one draft that was made for an inbound of a thread that is listed.
-- Inputs: listed_thread, inbox_draft.
select id, triggerMessageId
from inbox_draft
where triggerMessageId in (select id from listed_thread where direction = 'inbound')
