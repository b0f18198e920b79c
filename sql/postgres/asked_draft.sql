-- Grain: one draft that a sync asks for: those for messages of leads that changed, and those asked
-- for by id.
-- Inputs: AIDraft, Message.
-- Settings: timingctl.leads and timingctl.again_draft, ids as JSON.
-- Fragments: schema; ids and references, as text.
select draft."id"
from {{ schema }}."AIDraft" as draft
where
    {{ draft_triggerMessageId }} in (
        select {{ message_id }}
        from {{ schema }}."Message" as message
        where
            {{ message_leadId }}
            in (select json_array_elements_text(current_setting('timingctl.leads')::json))
    )
union
select draft."id"
from {{ schema }}."AIDraft" as draft
where
    {{ draft_id }}
    in (select json_array_elements_text(current_setting('timingctl.again_draft')::json))
