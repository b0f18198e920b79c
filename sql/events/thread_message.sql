-- Grain: one message in its thread: its place (from 1, in thread order) and the last inbound up to
-- it. Messages go by their numbers here: a sort is as slow as its rows are wide.
-- Inputs: message, known_lead, known_channel, tied_message.
-- Decision: the thread order is total: sentAt; at one instant outbound before inbound, because
-- nobody answers in zero time; then the part, null first; then the id, by its number.
with
    threaded as (
        select
            message.rowNumber as messageNumber,
            known_lead.leadNumber,
            known_channel.channelNumber,
            message.direction = 'inbound' as isInbound,
            message.sentAt,
            message.sentBy = 'setter' and message.sentByUserId is not null as isBySetter,
            message.aiDraftPartIndex,
            tied_message.tieNumber
        from message
        join known_lead on known_lead.leadId = message.leadId
        join known_channel on known_channel.channel = message.channel
        left join tied_message on tied_message.rowNumber = message.rowNumber
        where known_lead.clientId is not null
    )
select
    messageNumber,
    leadNumber,
    channelNumber,
    isInbound,
    isBySetter,
    row_number() over thread as place,
    last(case when isInbound then messageNumber end ignore nulls) over thread as lastInboundNumber
from threaded
window
    thread as (
        partition by leadNumber, channelNumber
        order by sentAt, isInbound, aiDraftPartIndex nulls first, tieNumber
        rows between unbounded preceding and current row
    )
