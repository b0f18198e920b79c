-- Grain: one message that names the preferred draft of the anchor that is asked about and is not
-- its response, wherever it stands; reason says what else it is.
-- Inputs: message, asked_message, asked_draft, draft_part.
select
    message.id,
    message.leadId,
    message.channel,
    message.sentBy,
    message.sentByUserId,
    case
        when draft_part.messageNumber is not null
        then 'part'
        when message.direction = 'inbound'
        then 'inbound'
        when message.sentBy is distinct from 'ai'
        then 'otherSender'
        when message.leadId <> asked_message.leadId
        then 'otherLead'
        when message.channel <> asked_message.channel
        then 'otherChannel'
        else 'beforeAnchor'
    end as reason
from message
join asked_draft on asked_draft.draftId = message.aiDraftId
cross join asked_message
left join draft_part on draft_part.messageNumber = message.rowNumber
where asked_draft.isPreferred and message.id is distinct from asked_draft.aiResponseMessageId
order by message.sentAt, message.id
