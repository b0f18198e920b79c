-- Grain: one outbound message in the turn of an anchor, with that anchor and its place in the
-- thread.
-- Inputs: thread_message.
select
    messageNumber, leadNumber, channelNumber, isBySetter, place, lastInboundNumber as anchorNumber
from thread_message
where not isInbound and lastInboundNumber is not null
