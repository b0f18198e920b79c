-- Grain: one anchor here and one there that the same setter's message answers, with why.
-- Inputs: unequal_event.
-- Decision: the later of the two anchors came between the other and the answer, so the side that
-- names it knows of a message more, or the two sides break a tie between messages of one instant.
with
    answered_here as (
        select
            here.setterResponseMessageId as answerId,
            max(inboundMessageId) as anchorId,
            max(here.inboundSentAt) as inboundSentAt,
            max(here.setterResponseSentAt) as answeredAt
        from unequal_event
        where here.setterResponseMessageId is not null
        group by here.setterResponseMessageId
        having count(*) = 1
    ),
    answered_there as (
        select
            there.setterResponseMessageId as answerId,
            max(inboundMessageId) as anchorId,
            max(there.inboundSentAt) as inboundSentAt
        from unequal_event
        where there.setterResponseMessageId is not null
        group by there.setterResponseMessageId
        having count(*) = 1
    )
select
    answered_here.anchorId as hereAnchorId,
    answered_there.anchorId as thereAnchorId,
    case
        when answered_here.inboundSentAt = answered_there.inboundSentAt
        then 'tie'
        when
            answered_here.answeredAt
            = greatest(answered_here.inboundSentAt, answered_there.inboundSentAt)
        then 'tie'
        when
            answered_here.answeredAt
            > greatest(answered_here.inboundSentAt, answered_there.inboundSentAt)
        then 'late-message'
    end as reason
from answered_here
join answered_there on answered_there.answerId = answered_here.answerId
where answered_here.anchorId <> answered_there.anchorId
