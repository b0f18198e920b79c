-- Grain: one message: the one that is asked about, in its turn; an anchor's turn is the one that
-- it starts. responseReason says why the turn has the setter's response that it has, or none,
-- askedReason why the message itself, sent by a setter, is that response, or not.
-- Inputs: asked_message, timeline_message, anchor, turn, message.
with named as (select lastInboundId from timeline_message where sentBy = 'setter' and not isInbound)
select
    anchor.setterResponseMessageId,
    setter.id as firstBySetterId,
    case
        when anchor.setterResponseMessageId is not null
        then 'response'
        when turn.setterNumber is not null
        then 'notNext'
        when asked.lastInboundId in (select lastInboundId from named)
        then 'noUser'
        else 'noSetter'
    end as responseReason,
    case
        when asked.setterResponseTo is not null
        then 'response'
        when not asked.isBySetter
        then 'noUser'
        when anchor.anchorNumber is null
        then 'noAnchor'
        when anchor.setterResponseMessageId is not null
        then 'later'
        else 'notNext'
    end as askedReason
from asked_message
join timeline_message as asked on asked.id = asked_message.id
left join anchor on anchor.anchorId = asked.lastInboundId
left join turn on turn.anchorNumber = anchor.anchorNumber
left join message as setter on setter.rowNumber = turn.setterNumber
