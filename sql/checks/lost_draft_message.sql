-- Grain: one violation: a draft, usable by itself, that names a message which Message lacks.
-- Inputs: import_ai_draft, import_message.
select
    'Drafts name a message that Message lacks' as kind,
    'Message' as lacking,
    import_ai_draft.id,
    import_ai_draft.triggerMessageId as referencedId
from import_ai_draft
anti join import_message on import_message.id = import_ai_draft.triggerMessageId
where import_ai_draft.problem is null and import_ai_draft.triggerMessageId is not null
