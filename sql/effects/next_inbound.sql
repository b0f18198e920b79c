-- Grain: one inbound message up to the as-of, with when the next of its thread came.
-- Inputs: followed_message, message.
-- Decision: of inbounds of one instant the greater id is later, as in every thread.
select
    followed_message.messageNumber,
    message.id as messageId,
    followed_message.leadNumber,
    followed_message.channelNumber,
    followed_message.sentAt,
    lead(followed_message.sentAt) over (
        partition by followed_message.leadNumber, followed_message.channelNumber
        order by followed_message.sentAt, message.aiDraftPartIndex nulls first, message.id
    ) as nextInboundAt
from followed_message
join message on message.rowNumber = followed_message.messageNumber
where followed_message.isInbound
