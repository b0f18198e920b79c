-- Grain: one message of a thread, in thread order: the last inbound up to it, whether it is an
-- anchor, whether it counts as a setter's, and the anchors that it is the response to.
-- Inputs: thread_message, message, anchor, preferred_draft.
-- Params: $lead_number, $channel_number (the thread).
with
    told as (
        select messageNumber, place, isInbound, isBySetter, lastInboundNumber
        from thread_message
        where leadNumber = $lead_number and channelNumber = $channel_number
    )
select
    message.id,
    told.place,
    told.isInbound,
    coalesce(told.isBySetter, false) as isBySetter,
    message.sentAt,
    message.sentBy,
    message.sentByUserId,
    message.aiDraftId,
    message.aiDraftPartIndex,
    inbound.id as lastInboundId,
    anchor.anchorNumber is not null as isAnchor,
    answered.anchorId as setterResponseTo,
    preferred_draft.anchorId as aiResponseTo
from told
join message on message.rowNumber = told.messageNumber
left join message as inbound on inbound.rowNumber = told.lastInboundNumber
left join anchor on anchor.anchorNumber = told.messageNumber
left join anchor as answered on answered.setterResponseMessageId = message.id
left join preferred_draft on preferred_draft.aiResponseMessageId = message.id
order by told.place
