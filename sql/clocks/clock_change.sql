-- Grain: one instant at which the zone's clocks are set, of 1970 to 2100, in the years that are
-- looked at.
-- Inputs: clock_range.
-- Params: $zone.
-- Decision: no clock is set twice within a day, so the days that end at another offset than they
-- start are looked into. `shownUs` is the latest time that the clocks have shown before
-- (microseconds, included).
with
    span as (
        select
            greatest(startsAt - interval 1 year, timestamp '1970-01-01') as startsAt,
            least(endsAt + interval 1 year, timestamp '2100-01-01') as endsAt
        from clock_range
    ),
    day as (
        select
            unnest(
                range(
                    divide(epoch_us(startsAt), 86400000000), divide(epoch_us(endsAt), 86400000000)
                )
            )
            * 86400 as startsAt
        from span
    ),
    kept as (
        select
            startsAt,
            epoch_us(timezone($zone, timezone('UTC', make_timestamp(startsAt * 1000000))))
            - startsAt * 1000000 as offsetBeforeUs,
            epoch_us(timezone($zone, timezone('UTC', make_timestamp((startsAt + 86400) * 1000000))))
            - (startsAt + 86400) * 1000000 as offsetUs
        from day
    ),
    minute as (
        select
            startsAt,
            unnest(range(startsAt + 60, startsAt + 86401, 60)) as minuteEndsAt,
            offsetBeforeUs,
            offsetUs
        from kept
        where offsetUs != offsetBeforeUs
    ),
    changing as (
        select startsAt, min(minuteEndsAt) as minuteEndsAt, offsetBeforeUs, offsetUs
        from minute
        where
            epoch_us(timezone($zone, timezone('UTC', make_timestamp(minuteEndsAt * 1000000))))
            - minuteEndsAt * 1000000
            = offsetUs
        group by startsAt, offsetBeforeUs, offsetUs
    ),
    second as (
        select
            unnest(range(minuteEndsAt - 59, minuteEndsAt + 1)) as startsAt,
            minuteEndsAt,
            offsetBeforeUs,
            offsetUs
        from changing
    )
select
    min(startsAt) * 1000000 as startsUs,
    min(startsAt) * 1000000 + offsetBeforeUs - 1 as shownUs,
    offsetUs
from second
where
    epoch_us(timezone($zone, timezone('UTC', make_timestamp(startsAt * 1000000))))
    - startsAt * 1000000
    = offsetUs
group by minuteEndsAt, offsetBeforeUs, offsetUs
