-- Grain: one kind of inbound (client, channel, hour of the week) that both the AI and setters
-- answered first, with their first responses.
-- Inputs: response.
-- Params: $targets (ms, rising).
-- Decision: only where both answered can they be compared; what one alone answered is counted apart
-- (unmatched_count.sql).
with
    placed as (
        select
            clientId,
            channel,
            isodow(inboundLocal) as weekday,
            hour(inboundLocal) as hour,
            responder,
            ms,
            hasWrittenBack,
            outcome
        from response
        where isFirst
    ),
    counted as (
        select
            clientId,
            channel,
            weekday,
            hour,
            responder,
            count(*) as n,
            count(*) filter (where hasWrittenBack) as wroteBack,
            count(hasWrittenBack) as followed,
            count(*) filter (where outcome = 'booked') as booked,
            count(*) filter (where outcome in ('booked', 'notBooked')) as mature,
            list_transform(
                cast($targets as bigint[]),
                lambda target:len(list_filter(list(ms), lambda time:time <= target))
            ) as within
        from placed
        group by clientId, channel, weekday, hour, responder
    )
select
    ai.n as aiN,
    setter.n as setterN,
    ai.wroteBack as aiWroteBack,
    setter.wroteBack as setterWroteBack,
    ai.followed as aiFollowed,
    setter.followed as setterFollowed,
    ai.booked as aiBooked,
    setter.booked as setterBooked,
    ai.mature as aiMature,
    setter.mature as setterMature,
    ai.within as aiWithin,
    setter.within as setterWithin
from counted as ai
join
    counted as setter
    on setter.clientId = ai.clientId
    and setter.channel = ai.channel
    and setter.weekday = ai.weekday
    and setter.hour = ai.hour
where ai.responder = 'ai' and setter.responder = 'setter'
order by ai.clientId, ai.channel, ai.weekday, ai.hour
