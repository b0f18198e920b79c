-- Grain: one message, with a hash of all that places it in its thread but the id.
-- Inputs: message.
select rowNumber, id, hash(leadId, channel, sentAt, direction, aiDraftPartIndex) as orderHash
from message
