-- Grain: one inbound message up to the as-of, with when the next of its thread came. Of those at
-- one instant tied_inbound says which is the last.
-- Inputs: followed_message.
select
    messageNumber,
    leadNumber,
    channelNumber,
    sentUs,
    lead(sentUs) over (
        partition by leadNumber, channelNumber order by sentUs, messageNumber
    ) as nextInboundUs
from followed_message
where isInbound
