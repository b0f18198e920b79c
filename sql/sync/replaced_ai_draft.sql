-- Grain: one draft of the file that what was read stands for.
-- Inputs: kept_ai_draft, read_ai_draft, replaced_message, read_message.
select id
from kept_ai_draft
where
    triggerMessageId in (select id from replaced_message)
    or triggerMessageId in (select id from read_message)
    or id in (select id from read_ai_draft)
