-- Grain: one inbound at the instant of another of its thread, with its place among those.
-- Inputs: followed_message, message.
-- Decision: of inbounds of one instant the greater id is later, as in every thread. Few are tied,
-- and no other needs its id to be placed.
with
    instant as (
        select leadNumber, channelNumber, sentUs
        from followed_message
        where isInbound
        group by leadNumber, channelNumber, sentUs
        having count(*) > 1
    )
select
    followed_message.messageNumber,
    cast(
        row_number() over (
            partition by
                followed_message.leadNumber, followed_message.channelNumber, followed_message.sentUs
            order by message.aiDraftPartIndex nulls first, message.id
        ) as integer
    ) as tieNumber
from instant
join
    followed_message
    on followed_message.leadNumber = instant.leadNumber
    and followed_message.channelNumber = instant.channelNumber
    and followed_message.sentUs = instant.sentUs
join message on message.rowNumber = followed_message.messageNumber
where followed_message.isInbound
