-- Grain: one draft that a sync asks for: those for messages of leads that changed, and those asked
-- for by id.
-- Inputs: AIDraft.
-- Settings: timingctl.leads and timingctl.again_draft, ids as JSON.
-- Fragments: schema; of_leads, messages of leads that changed; draft_key, the id as it is
-- compared; ids and references, as text.
select {{ draft_key }} as "id"
from {{ schema }}."AIDraft" as draft
where {{ draft_triggerMessageId }} in ({{ of_leads }})
union
select {{ draft_key }} as "id"
from {{ schema }}."AIDraft" as draft
where
    {{ draft_id }}
    in (select json_array_elements_text(current_setting('timingctl.again_draft')::json))
