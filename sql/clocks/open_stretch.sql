-- Grain: one stretch of a day (UTC) from an opening of the business, or midnight, to the next of
-- these; none without business hours.
-- Inputs: open_span, business_span, clock_range.
-- Decision: the business is open from `startUs` to `endUs`, which may be the same, and then closed
-- until `nextUs`. Each instant of `clock_range` falls in one stretch, which is found by
-- `left join open_stretch on falls_in(sentAt, open_stretch)`: an equality with a small table, a
-- fifth of the work of an `asof` join with the spans. `is_open(sentAt, open_stretch)` tells whether
-- the business is open at the instant, and the difference of two `open_us(sentAt, open_stretch)`
-- how long it is open between two.
with
    day as (
        select
            unnest(
                generate_series(
                    date_trunc('day', startsAt) - interval 1 day,
                    date_trunc('day', endsAt) + interval 1 day,
                    interval 1 day
                )
            ) as startsAt
        from clock_range
        where exists (select 1 from business_span)
    ),
    opening as (
        select epoch_us(startsAt) as startUs
        from day
        union
        select open_span.startUs
        from open_span
        join day on day.startsAt = date_trunc('day', make_timestamp(open_span.startUs))
    ),
    stretch as (
        select
            opening.startUs,
            coalesce(open_span.startUs, opening.startUs) as spanStartUs,
            coalesce(open_span.endUs, opening.startUs) as spanEndUs,
            coalesce(open_span.openBeforeUs, 0) as spanOpenBeforeUs
        from opening
        asof left join open_span on opening.startUs >= open_span.startUs
    )
select
    cast(make_timestamp(startUs) as date) as day,
    startUs,
    greatest(spanEndUs, startUs) as endUs,
    coalesce(
        lead(startUs) over (order by startUs),
        epoch_us(date_trunc('day', make_timestamp(startUs)) + interval 1 day)
    ) as nextUs,
    spanOpenBeforeUs + least(startUs, spanEndUs) - spanStartUs as openBeforeUs
from stretch
