-- Grain: one anchor, with the place where its turn starts and the setter's response in it.
-- Inputs: turn, message.
-- Params: $since, $until (anchors in [since, until); null: unbounded), $setter_rule.
-- Decision: under the rule next a setter response must open the turn.
select
    turn.anchorNumber,
    inbound.id as anchorId,
    inbound.sentAt as anchorSentAt,
    turn.leadNumber,
    turn.channelNumber,
    turn.turnStart,
    answer.id as setterResponseMessageId,
    answer.sentAt as setterResponseSentAt,
    answer.sentByUserId as setterSentByUserId
from turn
join message as inbound on inbound.rowNumber = turn.anchorNumber
left join
    message as answer
    on answer.rowNumber = turn.setterNumber
    and ($setter_rule = 'turn' or turn.setterPlace = turn.turnStart)
where
    ($since is null or inbound.sentAt >= cast($since as timestamp))
    and ($until is null or inbound.sentAt < cast($until as timestamp))
