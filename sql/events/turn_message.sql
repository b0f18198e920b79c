-- Grain: one outbound message in the turn of an anchor, with that anchor and its place in the
-- thread.
-- Inputs: thread_message.
select
    id,
    leadNumber,
    channelNumber,
    sentAt,
    sentBy,
    senderId,
    place,
    lastInboundId as anchorId,
    lastInboundAt as anchorSentAt
from thread_message
where not isInbound and lastInboundId is not null
