-- Grain: one row: the open inbounds of the window, and the threads in which they wait.
-- Inputs: open_inbound, open_stretch.
-- Params: $since, $until, $clients, $channels (null: all), $in_hours (null: whenever).
-- Decision: nobody answered, so the responder filter does not apply. `leftOut` counts the inbounds
-- that the filter by hours leaves out.
with
    asked as (
        select
            open_inbound.leadNumber,
            open_inbound.channel,
            coalesce(
                cast($in_hours as boolean) = is_open(open_inbound.sentAt, open_stretch), true
            ) as isAsked
        from open_inbound
        left join open_stretch on falls_in(open_inbound.sentAt, open_stretch)
        where
            is_asked(
                open_inbound.sentAt,
                open_inbound.clientId,
                open_inbound.channel,
                $since,
                $until,
                $clients,
                $channels
            )
    )
select
    count(*) filter (where isAsked) as inbounds,
    count(distinct(leadNumber, channel)) filter (where isAsked) as threads,
    count(*) filter (where not isAsked) as leftOut
from asked
