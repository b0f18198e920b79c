-- Grain: one message that names a draft written for the message that is asked about, wherever it
-- stands; place is its place in the asked thread, null elsewhere.
-- Inputs: message, asked_draft, timeline_message.
select
    message.id,
    message.aiDraftId,
    message.leadId,
    message.channel,
    message.direction,
    message.sentAt,
    message.sentBy,
    message.sentByUserId,
    timeline_message.place
from message
join asked_draft on asked_draft.draftId = message.aiDraftId
left join timeline_message on timeline_message.id = message.id
order by message.sentAt, message.id
