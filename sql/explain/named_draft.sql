-- Grain: one message: the one that is asked about, with the draft that it names. reason says why
-- it, sent by the AI, is the response to an anchor, or to none.
-- Inputs: asked_message, ai_draft, message, anchor, ranked_draft, draft_part, preferred_draft.
select
    ai_draft.channel,
    ai_draft.triggerMessageId,
    trigger.leadId as triggerLeadId,
    trigger.channel as triggerChannel,
    response.id as aiResponseMessageId,
    preferred_draft.draftId as preferredDraftId,
    case
        when preferred_draft.aiResponseMessageId = asked_message.id
        then 'response'
        when asked_message.aiDraftId is null
        then 'noDraft'
        when ai_draft.id is null
        then 'unknownDraft'
        when ai_draft.triggerMessageId is null
        then 'noTrigger'
        when anchor.anchorNumber is null
        then 'noAnchor'
        when ranked_draft.draftNumber is null
        then 'otherChannel'
        when ranked_draft.responseNumber = asked_message.messageNumber
        then 'otherDraft'
        when draft_part.messageNumber is not null
        then 'laterPart'
        when
            anchor.leadNumber <> asked_message.leadNumber
            or anchor.channelNumber <> asked_message.channelNumber
        then 'otherThread'
        else 'beforeAnchor'
    end as reason
from asked_message
left join ai_draft on ai_draft.id = asked_message.aiDraftId
left join message as trigger on trigger.id = ai_draft.triggerMessageId
left join anchor on anchor.anchorId = ai_draft.triggerMessageId
left join ranked_draft on ranked_draft.draftNumber = ai_draft.rowNumber
left join
    draft_part
    on draft_part.draftNumber = ai_draft.rowNumber
    and draft_part.messageNumber = asked_message.messageNumber
left join message as response on response.rowNumber = ranked_draft.responseNumber
left join preferred_draft on preferred_draft.anchorId = ai_draft.triggerMessageId
