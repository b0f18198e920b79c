-- Grain: one turn, that is one anchor: its first message, and how many messages of whom it has.
-- Inputs: turn_message, message.
with
    counted as (
        select
            turn_message.anchorNumber,
            min_by(turn_message.messageNumber, turn_message.place) as firstOutboundNumber,
            count(*) as turnMessages,
            count(*) filter (where message.sentBy = 'setter') as turnBySetter,
            count(*) filter (where message.sentBy = 'ai') as turnByAi
        from turn_message
        join message on message.rowNumber = turn_message.messageNumber
        group by turn_message.anchorNumber
    )
select
    counted.anchorNumber,
    counted.turnMessages,
    counted.turnBySetter,
    counted.turnByAi,
    message.id,
    message.sentAt,
    message.sentBy,
    message.sentByUserId,
    message.aiDraftId,
    message.source
from counted
join message on message.rowNumber = counted.firstOutboundNumber
