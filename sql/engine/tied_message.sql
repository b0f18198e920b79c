-- Grain: one message that only its id tells from another in the order of its thread, as in
-- sql/staging; its id stands for its place among those.
-- Inputs: message.
-- Decision: messages may share a hash by chance; then their places decide nothing. Hashes take a
-- tenth of the memory of the columns.
with
    tie as (
        select hash(leadId, channel, sentAt, direction, aiDraftPartIndex) as orderHash
        from message
        group by orderHash
        having count(*) > 1
    )
select message.rowNumber, message.id as tieNumber
from message
join
    tie
    on tie.orderHash = hash(
        message.leadId, message.channel, message.sentAt, message.direction, message.aiDraftPartIndex
    )
