-- Grain: one row: from when to when the events cover the time asked for, on the zone's clock.
-- Inputs: event_row.
-- Params: $since, $outcome_end (the window's end, or the as-of), $as_of, $zone.
-- Decision: the events cover from the first inbound of the file to the as-of. `startsAfter` is the
-- last instant that they do not cover: of a day whose midnight the clocks skip it is in the day
-- before, as of every other.
select
    strftime(
        timezone(
            $zone,
            timezone(
                'UTC',
                greatest(min(inboundSentAt), cast($since as timestamp)) - interval 1 microsecond
            )
        ),
        '%Y-%m-%d %H:%M:%S.%f'
    ) as startsAfter,
    strftime(
        timezone(
            $zone,
            timezone('UTC', least(cast($outcome_end as timestamp), cast($as_of as timestamp)))
        ),
        '%Y-%m-%d %H:%M:%S.%f'
    ) as endsAt
from event_row
where isUsable
