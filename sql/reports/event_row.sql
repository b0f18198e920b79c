-- Grain: one row read: what reports need of it, whether it is usable, and whether it is asked for.
-- Inputs: import_event.
-- Params: $since (included), $until (excluded), $clients, $channels, $responders; null:
-- all. $business_time, $in_hours (null: whenever). $answered_until: a later response is none yet;
-- null: all are known. $is_checked: no id stands twice, and ids are given.
-- Decision: at one instant the setter is first; durations come from the instants, not from the
-- millisecond columns, which may have been cut to 32 bits on the way. Channel and responder have
-- a mark of their own, for the pick of a lead's earliest response comes before them. Of an inbox
-- this is a view, whose rows have their message, and nobody asks for the hash; of a file it is a
-- table, and the hash is enough to find ids that stand twice.
with
    known as (
        select
            rowid as eventNumber,
            inboundMessageId,
            clientId,
            leadId,
            channel,
            inboundSentAt,
            case
                when
                    $answered_until is null
                    or setterResponseSentAt <= cast($answered_until as timestamp)
                then setterResponseSentAt
            end as setterResponseSentAt,
            setterSentByUserId,
            case
                when
                    $answered_until is null
                    or aiResponseSentAt <= cast($answered_until as timestamp)
                then aiResponseSentAt
            end as aiResponseSentAt,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            aiChosenDelaySeconds,
            aiScheduledRunAt,
            createdAt,
            problem is null as isUsable
        from import_event
    ),
    answered as (
        select
            eventNumber,
            case when $is_checked then inboundMessageId end as inboundMessageId,
            hash(inboundMessageId) as messageHash,
            clientId,
            leadId,
            channel,
            inboundSentAt,
            setterResponseSentAt,
            setterSentByUserId,
            aiResponseSentAt,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            aiChosenDelaySeconds,
            aiScheduledRunAt,
            createdAt,
            isUsable,
            least(setterResponseSentAt, aiResponseSentAt) as firstSentAt,
            case
                when setterResponseSentAt = firstSentAt
                then cast('setter' as enum('setter', 'ai'))
                when aiResponseSentAt = firstSentAt
                then cast('ai' as enum('setter', 'ai'))
            end as firstBy
        from known
    )
select
    eventNumber,
    inboundMessageId,
    messageHash,
    clientId,
    leadId,
    channel,
    inboundSentAt,
    setterResponseSentAt,
    setterSentByUserId,
    aiResponseSentAt,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    aiScheduledRunAt,
    createdAt,
    firstBy,
    firstSentAt,
    isUsable,
    isUsable
    and ($since is null or inboundSentAt >= cast($since as timestamp))
    and ($until is null or inboundSentAt < cast($until as timestamp))
    and ($clients is null or list_contains(cast($clients as varchar[]), clientId)) as isWindowed,
    ($channels is null or list_contains(cast($channels as varchar[]), channel)) as isOnChannel,
    isOnChannel
    and (
        $responders is null
        or coalesce(
            list_contains(
                cast($responders as varchar[]),
                case
                    when firstBy = 'setter'
                    then 'user:' || coalesce(setterSentByUserId, '')
                    else firstBy
                end
            ),
            false
        )
    ) as isAsked,
    $business_time as isInBusinessTime,
    cast($in_hours as boolean) as mustBeInHours
from answered
