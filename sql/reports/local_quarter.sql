-- Grain: one quarter of an hour in which something of an event happened.
-- Inputs: event_row.
-- Params: $zone, $hours_given (without business hours only inbounds are put on a clock).
-- Decision: clocks are set on quarters of an hour, so one conversion serves a whole quarter.
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
    quarter as (select distinct divide(epoch_us(happenedAt), 900000000) as quarter from instant)
select
    quarter,
    epoch_us(timezone($zone, timezone('UTC', make_timestamp(quarter * 900000000))))
    - quarter * 900000000 as offsetUs
from quarter
