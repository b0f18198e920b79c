-- Grain: one draft that a sync asks for: those for messages of leads that changed, those written
-- since, for whatever message, and those it asks again.
-- Inputs: AIDraft, Message.
-- Settings: timingctl.leads and timingctl.again_draft, ids as JSON; timingctl.since, an instant
-- in UTC; timingctl.transaction.
-- Fragments: schema; ids and references, as text; draft_changed.
select draft."id"
from {{ schema }}."AIDraft" as draft
where
    {{ draft_triggerMessageId }} in (
        select {{ message_id }}
        from {{ schema }}."Message" as message
        where
            {{ message_leadId }} in (
                select asked.value
                from json_array_elements_text(current_setting('timingctl.leads')::json) as asked
            )
    )
union
select draft."id"
from {{ schema }}."AIDraft" as draft
where
    {{ draft_changed }}
    or {{ draft_id }} in (
        select asked.value
        from json_array_elements_text(current_setting('timingctl.again_draft')::json) as asked
    )
