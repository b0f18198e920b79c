-- Grain: one lead that a sync asks for: those that changed, those of messages that it asks again,
-- and those it asks again.
-- Inputs: Lead, Message.
-- Settings: timingctl.leads and timingctl.again_lead, ids as JSON.
-- Fragments: schema; ids and references, as text.
select lead."id"
from {{ schema }}."Lead" as lead
where
    {{ lead_id }} in (
        select json_array_elements_text(current_setting('timingctl.leads')::json)
        union
        select json_array_elements_text(current_setting('timingctl.again_lead')::json)
        union
        select {{ message_leadId }}
        from {{ schema }}."Message" as message
        where
            {{ message_id }}
            in (select json_array_elements_text(current_setting('timingctl.again_message')::json))
    )
