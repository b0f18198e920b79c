-- Grain: one draft of the file that what was read stands for.
-- Inputs: kept_ai_draft, import_ai_draft, asked_message.
select id
from kept_ai_draft
where
    triggerMessageId in (select id from asked_message)
    or id in (select id from import_ai_draft where id is not null)
