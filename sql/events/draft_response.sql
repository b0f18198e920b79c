-- Grain: one draft of an anchor that the AI sent, with the first message sent from it.
-- Inputs: message, turn_message, anchor_draft.
-- Decision: the message stands in the anchor's thread and after the anchor, in its turn or in a
-- later one; what was sent before the anchor answers something else.
with
    sent as (
        select
            message.rowNumber as messageNumber,
            anchor_draft.draftNumber,
            anchor_draft.leadNumber,
            anchor_draft.channelNumber,
            anchor_draft.turnStart
        from message
        join anchor_draft on anchor_draft.draftId = message.aiDraftId
        where message.sentBy = 'ai'
    )
select sent.draftNumber, min_by(turn_message.messageNumber, turn_message.place) as responseNumber
from sent
join
    turn_message
    on turn_message.messageNumber = sent.messageNumber
    and turn_message.leadNumber = sent.leadNumber
    and turn_message.channelNumber = sent.channelNumber
    and turn_message.place >= sent.turnStart
group by sent.draftNumber
