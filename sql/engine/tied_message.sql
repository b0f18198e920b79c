-- Grain: one message that only its id tells from another in the order of its thread, as in
-- sql/staging; its id stands for its place among those.
-- Inputs: message.
with
    tie as (
        select leadId, channel, sentAt, direction, aiDraftPartIndex
        from message
        group by leadId, channel, sentAt, direction, aiDraftPartIndex
        having count(*) > 1
    )
select message.rowNumber, message.id as tieNumber
from message
join
    tie
    on tie.leadId = message.leadId
    and tie.channel = message.channel
    and tie.sentAt = message.sentAt
    and tie.direction = message.direction
    and tie.aiDraftPartIndex is not distinct from message.aiDraftPartIndex
