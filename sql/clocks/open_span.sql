-- Grain: one span of time in which the business is open throughout, as instants (microseconds): its
-- start is in it, its end is not. Spans neither overlap nor touch.
-- Inputs: business_span, holiday, clock_change, clock_range.
-- Params: $zone.
-- Decision: a span of a day is between the first instants at which the zone's clocks show its start
-- and its end, or the next ones where they leave these out: longer or shorter than it reads on the
-- day of a change. A holiday is a day on these clocks, from 00:00 to 24:00. `openBeforeUs` is how
-- long the business was open before the span, from the first one on.
with
    day as (
        select
            unnest(
                generate_series(
                    date_trunc('day', startsAt) - interval 2 day,
                    date_trunc('day', endsAt) + interval 2 day,
                    interval 1 day
                )
            ) as startsAt
        from clock_range
        where exists (select 1 from business_span)
    ),
    shown as (
        select
            epoch_us(day.startsAt) + business_span.startUs as startLocalUs,
            epoch_us(day.startsAt) + business_span.endUs as endLocalUs
        from day
        join business_span on business_span.weekday = isodow(day.startsAt)
        where not exists (select 1 from holiday where holiday.day = cast(day.startsAt as date))
    ),
    edge as (
        select startLocalUs, endLocalUs, unnest([startLocalUs, endLocalUs]) as localUs from shown
    ),
    kept as (
        select
            startLocalUs,
            endLocalUs,
            localUs,
            epoch_us(timezone($zone, timezone('UTC', make_timestamp(localUs - 57600000000))))
            - (localUs - 57600000000) as offsetBeforeUs
        from edge
    ),
    instant as (
        select
            kept.startLocalUs,
            kept.endLocalUs,
            min(
                case
                    when
                        clock_change.startsUs is null
                        or kept.localUs - kept.offsetBeforeUs < clock_change.startsUs
                    then kept.localUs - kept.offsetBeforeUs
                    else greatest(kept.localUs - clock_change.offsetUs, clock_change.startsUs)
                end
            ) as happensUs
        from kept
        left join
            clock_change
            on clock_change.startsUs > kept.localUs - 57600000000
            and clock_change.startsUs <= kept.localUs + 57600000000
        group by kept.startLocalUs, kept.endLocalUs, kept.localUs
    ),
    bounded as (
        select min(happensUs) as startUs, max(happensUs) as endUs
        from instant
        group by startLocalUs, endLocalUs
    ),
    span as (select distinct startUs, endUs from bounded where startUs < endUs),
    reached as (
        select
            startUs,
            endUs,
            max(endUs) over (
                order by startUs, endUs rows between unbounded preceding and 1 preceding
            ) as reachedUs
        from span
    ),
    numbered as (
        select
            startUs,
            endUs,
            count(case when reachedUs is null or startUs > reachedUs then 1 end) over (
                order by startUs, endUs rows between unbounded preceding and current row
            ) as number
        from reached
    ),
    merged as (select min(startUs) as startUs, max(endUs) as endUs from numbered group by number)
select
    startUs,
    endUs,
    cast(
        coalesce(
            sum(endUs - startUs) over (
                order by startUs rows between unbounded preceding and 1 preceding
            ),
            0
        ) as bigint
    ) as openBeforeUs
from merged
