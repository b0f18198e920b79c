-- Grain: one inbound message up to the as-of, with when the next of its thread came.
-- Inputs: followed_message, tied_inbound.
select
    followed_message.messageNumber,
    followed_message.leadNumber,
    followed_message.channelNumber,
    followed_message.sentUs,
    lead(followed_message.sentUs) over (
        partition by followed_message.leadNumber, followed_message.channelNumber
        order by followed_message.sentUs, tied_inbound.tieNumber
    ) as nextInboundUs
from followed_message
left join tied_inbound on tied_inbound.messageNumber = followed_message.messageNumber
where followed_message.isInbound
