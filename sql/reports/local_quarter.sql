-- Grain: one quarter of an hour in which something of an event happened, or a part of one. Clocks
-- are mostly set on quarters: then there is one part.
-- Inputs: event_row, clock_change.
-- Params: $zone, $hours_given (without business hours only inbounds are put on a clock).
-- Decision: one conversion serves a whole part. `shownUs` is the latest time that clocks which were
-- set within a day have shown before; null: they were not.
with
    instant as (
        select inboundSentAt as happenedAt
        from event_row
        where isWindowed
        union all
        select setterResponseSentAt
        from event_row
        where isWindowed and setterResponseSentAt is not null and $hours_given
        union all
        select aiResponseSentAt
        from event_row
        where isWindowed and aiResponseSentAt is not null and $hours_given
    ),
    quarter as (select distinct divide(epoch_us(happenedAt), 900000000) as quarter from instant),
    part as (
        select quarter, quarter * 900000000 as startsUs
        from quarter
        union all
        select divide(startsUs, 900000000), startsUs
        from clock_change
        where startsUs % 900000000 != 0
    ),
    bounded as (
        select
            part.quarter,
            part.startsUs,
            min(clock_change.startsUs) filter (
                where clock_change.startsUs > part.startsUs
            ) as changesUs,
            max(clock_change.shownUs) filter (
                where clock_change.startsUs <= part.startsUs
            ) as shownUs
        from part
        left join
            clock_change
            on clock_change.startsUs > part.startsUs - 86400000000
            and clock_change.startsUs < (part.quarter + 1) * 900000000
        group by part.quarter, part.startsUs
    )
select
    quarter,
    startsUs,
    coalesce(changesUs, (quarter + 1) * 900000000) as endsUs,
    epoch_us(timezone($zone, timezone('UTC', make_timestamp(startsUs)))) - startsUs as offsetUs,
    shownUs
from bounded
