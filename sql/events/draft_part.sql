-- Grain: one message that the AI sent from a draft of an anchor in answer to it.
-- Inputs: draft_message, turn_message.
-- Decision: the message stands in the anchor's thread and after the anchor, in its turn or in a
-- later one; what was sent before the anchor answers something else.
select draft_message.draftNumber, draft_message.messageNumber, turn_message.place
from draft_message
join
    turn_message
    on turn_message.messageNumber = draft_message.messageNumber
    and turn_message.leadNumber = draft_message.leadNumber
    and turn_message.channelNumber = draft_message.channelNumber
    and turn_message.place >= draft_message.turnStart
