-- Grain: one draft of an anchor that the AI sent, with the first message sent from it.
-- Inputs: turn_message, anchor_draft.
-- Decision: the message stands in the anchor's thread and after the anchor, in its turn or in a
-- later one; what was sent before the anchor answers something else.
select
    anchor_draft.draftId,
    min_by(turn_message.id, turn_message.place) as aiResponseMessageId,
    min_by(turn_message.sentAt, turn_message.place) as aiResponseSentAt
from turn_message
join
    anchor_draft
    on anchor_draft.draftId = turn_message.senderId
    and anchor_draft.leadNumber = turn_message.leadNumber
    and anchor_draft.channelNumber = turn_message.channelNumber
where turn_message.sentBy = 'ai' and turn_message.place >= anchor_draft.turnStart
group by anchor_draft.draftId
