-- Grain: one turn, that is one anchor: the places of its ends and of the streak's start in the
-- thread, its first message, and how many messages of whom it has.
-- Inputs: turn_message, thread_message, message.
-- Decision: the streak that the anchor ends starts after the turn before; in a thread's first turn
-- after the outbound messages that stand before any inbound.
with
    counted as (
        select
            turn_message.anchorNumber,
            turn_message.leadNumber,
            turn_message.channelNumber,
            min(turn_message.place) as turnStart,
            max(turn_message.place) as turnEnd,
            min_by(turn_message.messageNumber, turn_message.place) as firstOutboundNumber,
            count(*) as turnMessages,
            count(*) filter (where message.sentBy = 'setter') as turnBySetter,
            count(*) filter (where message.sentBy = 'ai') as turnByAi
        from turn_message
        join message on message.rowNumber = turn_message.messageNumber
        group by all
    ),
    opening as (
        select leadNumber, channelNumber, max(place) as openingEnd
        from thread_message
        where not isInbound and lastInboundNumber is null
        group by leadNumber, channelNumber
    )
select
    counted.anchorNumber,
    counted.leadNumber,
    counted.channelNumber,
    counted.turnStart,
    counted.turnEnd,
    counted.firstOutboundNumber,
    counted.turnMessages,
    counted.turnBySetter,
    counted.turnByAi,
    1 + coalesce(
        lag(counted.turnEnd) over (
            partition by counted.leadNumber, counted.channelNumber order by counted.turnStart
        ),
        opening.openingEnd,
        0
    ) as streakStart
from counted
left join
    opening
    on opening.leadNumber = counted.leadNumber
    and opening.channelNumber = counted.channelNumber
