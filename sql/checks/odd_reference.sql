-- Grain: one violation: a kind of reference against the order of things, with how often it
-- occurs and an example. It is no error and changes no event: the user should know of it.
-- Inputs: import_message, ai_draft, anchor, anchor_draft, draft_response, preferred_job.
with
    outbound_trigger as (
        select 'Drafts triggered by an outbound message belong to no event' as kind, ai_draft.id
        from ai_draft
        anti join anchor_draft on anchor_draft.draftNumber = ai_draft.rowNumber
        join import_message on import_message.id = ai_draft.triggerMessageId
        where import_message.problem is null and import_message.direction = 'outbound'
    ),
    unanswering as (
        select anchor_draft.draftId, anchor.anchorSentAt
        from anchor_draft
        join anchor on anchor.anchorNumber = anchor_draft.anchorNumber
        anti join draft_response on draft_response.draftNumber = anchor_draft.draftNumber
    ),
    early_answer as (
        select
            'AI messages sent before the message that their draft answers are no response' as kind,
            import_message.id
        from unanswering
        join import_message on import_message.aiDraftId = unanswering.draftId
        where
            import_message.problem is null
            and import_message.direction = 'outbound'
            and import_message.sentBy = 'ai'
            and import_message.sentAt < unanswering.anchorSentAt
    ),
    early_job as (
        select 'Jobs are due before their message was sent' as kind, preferred_job.jobId as id
        from preferred_job
        join anchor on anchor.anchorNumber = preferred_job.anchorNumber
        where preferred_job.runAt < anchor.anchorSentAt
    ),
    odd as (
        select kind, id
        from outbound_trigger
        union all
        select kind, id
        from early_answer
        union all
        select kind, id
        from early_job
    )
select kind, count(distinct id) as count, min(id) as example
from odd
group by kind
order by kind
