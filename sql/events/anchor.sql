-- Grain: one anchor, with the place where its turn starts and the setter's response in it.
-- Inputs: turn, message.
-- Params: $since, $until (anchors in [since, until); null: unbounded), $setter_rule.
-- Decision: under the rule next a setter response must open the turn. Responses are fetched
-- before they are joined: otherwise all messages are kept to look them up in.
with
    setter_response as (
        select turn.anchorNumber, message.id, message.sentAt, message.sentByUserId
        from turn
        join message on message.rowNumber = turn.setterNumber
        where $setter_rule = 'turn' or turn.setterPlace = turn.turnStart
    )
select
    turn.anchorNumber,
    inbound.id as anchorId,
    inbound.sentAt as anchorSentAt,
    turn.leadNumber,
    turn.channelNumber,
    turn.turnStart,
    setter_response.id as setterResponseMessageId,
    setter_response.sentAt as setterResponseSentAt,
    setter_response.sentByUserId as setterSentByUserId
from turn
join message as inbound on inbound.rowNumber = turn.anchorNumber
left join setter_response on setter_response.anchorNumber = turn.anchorNumber
where
    ($since is null or inbound.sentAt >= cast($since as timestamp))
    and ($until is null or inbound.sentAt < cast($until as timestamp))
