-- Grain: one draft that was written since it was last read, and the message that it is for.
-- Inputs: AIDraft.
-- Fragments: schema; changed, whether a row is newer; draft_id and draft_triggerMessageId, as text.
select {{ draft_id }} as "id", {{ draft_triggerMessageId }} as "messageId"
from {{ schema }}."AIDraft" as draft
where {{ changed }}
