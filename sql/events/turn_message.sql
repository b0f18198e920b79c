-- Grain: one outbound message in the turn of an anchor, with that anchor and its place in the
-- thread (from 1, in thread order).
-- Inputs: message, known_lead.
-- Decision: the thread order is total: sentAt; at one instant outbound before inbound, because
-- nobody answers in zero time; then the part, null first; then the id.
with
    threaded as (
        select
            message.id,
            known_lead.leadNumber,
            message.channel,
            message.direction = 'inbound' as isInbound,
            message.sentAt,
            message.sentBy,
            message.sentByUserId,
            message.aiDraftId,
            message.aiDraftPartIndex
        from message
        join known_lead on known_lead.leadId = message.leadId
        where known_lead.clientId is not null
    ),
    placed as (
        select
            id,
            leadNumber,
            channel,
            isInbound,
            sentAt,
            sentBy,
            sentByUserId,
            aiDraftId,
            row_number() over thread as place,
            last(case when isInbound then id end ignore nulls) over thread as anchorId,
            last(case when isInbound then sentAt end ignore nulls) over thread as anchorSentAt
        from threaded
        window
            thread as (
                partition by leadNumber, channel
                order by sentAt, isInbound, aiDraftPartIndex nulls first, id
                rows between unbounded preceding and current row
            )
    )
select
    id, leadNumber, channel, sentAt, sentBy, sentByUserId, aiDraftId, place, anchorId, anchorSentAt
from placed
where not isInbound and anchorId is not null
