-- Grain: one anchor, with the place where its turn starts and the setter's response in it.
-- Inputs: turn_message.
-- Params: $since, $until (anchors in [since, until); null: unbounded), $setter_rule.
-- Decision: a setter response needs a user id; under the rule next it must open the turn.
with
    answer as (
        select
            id,
            leadNumber,
            channelNumber,
            sentAt,
            senderId,
            place,
            case when sentBy = 'setter' and senderId is not null then place end as setterPlace,
            anchorId,
            anchorSentAt
        from turn_message
        where
            ($since is null or anchorSentAt >= cast($since as timestamp))
            and ($until is null or anchorSentAt < cast($until as timestamp))
    ),
    turn as (
        select
            anchorId,
            anchorSentAt,
            leadNumber,
            channelNumber,
            min(place) as turnStart,
            min(setterPlace) as setterPlace,
            min_by(id, setterPlace) as setterMessageId,
            min_by(sentAt, setterPlace) as setterSentAt,
            min_by(senderId, setterPlace) as setterUserId
        from answer
        group by anchorId, anchorSentAt, leadNumber, channelNumber
    ),
    ruled as (
        select
            anchorId,
            anchorSentAt,
            leadNumber,
            channelNumber,
            turnStart,
            $setter_rule = 'turn' or setterPlace = turnStart as counts,
            setterMessageId,
            setterSentAt,
            setterUserId
        from turn
    )
select
    anchorId,
    anchorSentAt,
    leadNumber,
    channelNumber,
    turnStart,
    case when counts then setterMessageId end as setterResponseMessageId,
    case when counts then setterSentAt end as setterResponseSentAt,
    case when counts then setterUserId end as setterSentByUserId
from ruled
