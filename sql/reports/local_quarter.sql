-- Grain: one quarter of an hour with an inbound of an event, or a part of one. Clocks are mostly
-- set on quarters: then there is one part.
-- Inputs: event_row, clock_change.
-- Params: $zone.
-- Decision: one conversion serves a whole part. `shownUs` is the latest time that clocks which were
-- set within a day have shown before; null: they were not.
with
    quarter as (
        select distinct divide(epoch_us(inboundSentAt), 900000000) as quarter
        from event_row
        where isWindowed and $zone != 'UTC'
    ),
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
