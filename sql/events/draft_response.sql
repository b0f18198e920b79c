-- Grain: one draft of an anchor that the AI sent in answer, with the first message sent from it.
-- Inputs: draft_part.
select draftNumber, min_by(messageNumber, place) as responseNumber
from draft_part
group by draftNumber
