-- Grain: one message of a thread, in thread order: the last inbound up to it, whether it is an
-- anchor, and the anchors that it is the setter's or the AI's response to.
-- Inputs: thread_message, anchor, preferred_draft.
-- Params: $lead_number, $channel (the thread).
with
    told as (
        select
            id,
            place,
            isInbound,
            sentAt,
            sentBy,
            sentByUserId,
            aiDraftId,
            aiDraftPartIndex,
            lastInboundId
        from thread_message
        where leadNumber = $lead_number and channel = $channel
    )
select
    told.id,
    told.place,
    told.isInbound,
    told.sentAt,
    told.sentBy,
    told.sentByUserId,
    told.aiDraftId,
    told.aiDraftPartIndex,
    told.lastInboundId,
    anchor.anchorId is not null as isAnchor,
    answered.anchorId as setterResponseTo,
    preferred_draft.anchorId as aiResponseTo
from told
left join anchor on anchor.anchorId = told.id
left join anchor as answered on answered.setterResponseMessageId = told.id
left join preferred_draft on preferred_draft.aiResponseMessageId = told.id
order by told.place
