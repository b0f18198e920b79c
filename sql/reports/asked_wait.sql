-- Grain: one wait that passes the filters, by its start.
-- Inputs: wait, business_span, clock_change.
-- Params: $since, $until, $clients, $channels (null: all), $hours_given, $zone.
-- Decision: an open wait has no responder, so the responder filter applies to none.
with
    placed as (
        select
            wait.endedBy,
            wait.waitMs,
            wait.hasWindow,
            case
                when $hours_given
                then shown_at(wait.startSentAt, $zone, clock_change.startsUs, clock_change.shownUs)
            end as localAt
        from wait
        left join
            clock_change
            on $hours_given
            and clock_change.startsUs <= epoch_us(wait.startSentAt)
            and clock_change.startsUs > epoch_us(wait.startSentAt) - 86400000000
        where
            is_asked(
                wait.startSentAt, wait.clientId, wait.channel, $since, $until, $clients, $channels
            )
    )
select endedBy, waitMs, hasWindow
from placed
where
    not $hours_given
    or exists (
        select 1
        from business_span
        where
            business_span.weekday = isodow(placed.localAt)
            and business_span.startUs <= epoch_us(placed.localAt) % 86400000000
            and business_span.endUs > epoch_us(placed.localAt) % 86400000000
    )
