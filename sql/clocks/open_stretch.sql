-- Grain: one stretch of a day (UTC) from an opening of the business, or midnight, to the next of
-- these; none without business hours.
-- Inputs: open_span, business_span, clock_range.
-- Decision: the business is open from `startUs` to `endUs`, which may be the same, and then closed
-- until `nextUs`. Each instant of `clock_range` falls in one stretch, which is found by
-- `left join open_stretch on falls_in(sentAt, open_stretch)`: an equality with a small table, a
-- fifth of the work of an `asof` join with the spans. `is_open(sentAt, open_stretch)` tells whether
-- the business is open at the instant, and the difference of two `open_us(sentAt, open_stretch)`
-- how long it is open between two. Of spans the latest one that has started is also the greatest in
-- each column.
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
        select startUs, startUs as spanStartUs, endUs as spanEndUs, openBeforeUs as spanOpenBeforeUs
        from open_span
        union all
        select epoch_us(startsAt), null, null, null
        from day
    ),
    edge as (
        select
            startUs,
            max(spanStartUs) as spanStartUs,
            max(spanEndUs) as spanEndUs,
            max(spanOpenBeforeUs) as spanOpenBeforeUs
        from opening
        group by startUs
    ),
    stretch as (
        select
            startUs,
            lead(startUs) over (order by startUs) as nextUs,
            max(spanStartUs) over (order by startUs) as spanStartUs,
            max(spanEndUs) over (order by startUs) as spanEndUs,
            max(spanOpenBeforeUs) over (order by startUs) as spanOpenBeforeUs
        from edge
    )
select
    cast(make_timestamp(startUs) as date) as day,
    startUs,
    greatest(startUs, spanEndUs) as endUs,
    least(nextUs, epoch_us(date_trunc('day', make_timestamp(startUs)) + interval 1 day)) as nextUs,
    coalesce(spanOpenBeforeUs + least(startUs, spanEndUs) - spanStartUs, 0) as openBeforeUs
from stretch
