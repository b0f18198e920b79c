-- Grain: one row: the open inbounds of the window, and the threads in which they wait.
-- Inputs: open_inbound, business_span, clock_change.
-- Params: $since, $until, $clients, $channels (null: all), $hours_given, $zone.
-- Decision: nobody answered, so the responder filter does not apply.
with
    asked as (
        select
            open_inbound.leadNumber,
            open_inbound.channel,
            shown_at(
                open_inbound.sentAt, $zone, clock_change.startsUs, clock_change.shownUs
            ) as localAt
        from open_inbound
        left join
            clock_change
            on clock_change.startsUs <= epoch_us(open_inbound.sentAt)
            and clock_change.startsUs > epoch_us(open_inbound.sentAt) - 86400000000
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
    ),
    counted as (
        select leadNumber, channel
        from asked
        where
            not $hours_given
            or exists (
                select 1
                from business_span
                where
                    business_span.weekday = isodow(asked.localAt)
                    and business_span.startUs <= epoch_us(asked.localAt) % 86400000000
                    and business_span.endUs > epoch_us(asked.localAt) % 86400000000
            )
    )
select count(*) as inbounds, count(distinct(leadNumber, channel)) as threads
from counted
