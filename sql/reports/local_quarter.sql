-- Grain: one quarter of an hour in which something of an event happened.
-- Inputs: windowed_event.
-- Params: $zone.
-- Decision: clocks are set on quarters of an hour, so one conversion serves a whole quarter.
with
    instant as (
        select inboundSentAt as happenedAt
        from windowed_event
        union all
        select setterResponseSentAt
        from windowed_event
        where setterResponseSentAt is not null
        union all
        select aiResponseSentAt
        from windowed_event
        where aiResponseSentAt is not null
    ),
    quarter as (select distinct divide(epoch_us(happenedAt), 900000000) as quarter from instant)
select
    quarter,
    epoch_us(timezone($zone, timezone('UTC', make_timestamp(quarter * 900000000))))
    - quarter * 900000000 as offsetUs
from quarter
