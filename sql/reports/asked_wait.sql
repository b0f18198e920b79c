-- Grain: one wait that passes the filters by its start, but for that by hours.
-- Inputs: wait, open_stretch.
-- Params: $since, $until, $clients, $channels (null: all), $business_time,
-- $in_hours (null: whenever), $as_of.
-- Decision: an open wait has no responder, so the responder filter applies to none. It lasts until
-- the as-of, and 0 ms where it starts after it. `isAsked` is whether it also passes the filter by
-- hours.
select
    wait.endedBy,
    case
        when $business_time
        then
            greatest(
                opened_ms(
                    wait.startSentAt,
                    beginning,
                    coalesce(wait.endSentAt, cast($as_of as timestamp)),
                    ending
                ),
                0
            )
        else wait.waitMs
    end as waitMs,
    wait.hasWindow,
    coalesce(cast($in_hours as boolean) = is_open(wait.startSentAt, beginning), true) as isAsked
from wait
left join open_stretch as beginning on $business_time and falls_in(wait.startSentAt, beginning)
left join
    open_stretch as ending
    on $business_time
    and falls_in(coalesce(wait.endSentAt, cast($as_of as timestamp)), ending)
where is_asked(wait.startSentAt, wait.clientId, wait.channel, $since, $until, $clients, $channels)
