-- Grain: one message in its thread: its place (from 1, in thread order) and the last inbound up to
-- it.
-- Inputs: message, known_lead, known_channel.
-- Decision: the thread order is total: sentAt; at one instant outbound before inbound, because
-- nobody answers in zero time; then the part, null first; then the id.
-- senderId is the user of a setter's message and the draft of an AI's: what a build reads of both.
with
    threaded as (
        select
            message.id,
            known_lead.leadNumber,
            known_channel.channelNumber,
            message.channel,
            message.direction = 'inbound' as isInbound,
            message.sentAt,
            message.sentBy,
            message.sentByUserId,
            message.aiDraftId,
            message.aiDraftPartIndex,
            case
                message.sentBy
                when 'setter'
                then message.sentByUserId
                when 'ai'
                then message.aiDraftId
            end as senderId
        from message
        join known_lead on known_lead.leadId = message.leadId
        join known_channel on known_channel.channel = message.channel
        where known_lead.clientId is not null
    )
select
    id,
    leadNumber,
    channelNumber,
    channel,
    isInbound,
    sentAt,
    sentBy,
    sentByUserId,
    aiDraftId,
    aiDraftPartIndex,
    senderId,
    row_number() over thread as place,
    last(case when isInbound then id end ignore nulls) over thread as lastInboundId,
    last(case when isInbound then sentAt end ignore nulls) over thread as lastInboundAt
from threaded
window
    thread as (
        partition by leadNumber, channelNumber
        order by sentAt, isInbound, aiDraftPartIndex nulls first, id
        rows between unbounded preceding and current row
    )
