-- Grain: one violation: a message, usable by itself, that names a draft which AIDraft lacks.
-- Inputs: import_message, import_ai_draft.
-- Decision: a row that was read is there, usable or not; what is unusable is told elsewhere.
select
    'Messages name a draft that AIDraft lacks' as kind,
    'AIDraft' as lacking,
    import_message.id,
    import_message.aiDraftId as referencedId
from import_message
anti join import_ai_draft on import_ai_draft.id = import_message.aiDraftId
where import_message.problem is null and import_message.aiDraftId is not null
