-- Grain: one windowed event whose inbound lies in the business hours.
-- Inputs: event_row, local_quarter, business_span.
-- Params: $hours_given (without business hours nothing is made here).
-- Decision: by the clock on the wall in the zone; a span's start is in it, its end is not. Of a
-- time that the clock shows twice, it starts or ends at the first.
with
    instant as (
        select eventNumber, 'inbound' as what, inboundSentAt as happenedAt
        from event_row
        where isWindowed and $hours_given
        union all
        select eventNumber, 'setter', setterResponseSentAt
        from event_row
        where isWindowed and $hours_given
        union all
        select eventNumber, 'ai', aiResponseSentAt
        from event_row
        where isWindowed and $hours_given
    ),
    local_instant as (
        select
            instant.eventNumber,
            instant.what,
            make_timestamp(
                greatest(
                    epoch_us(instant.happenedAt) + local_quarter.offsetUs, local_quarter.shownUs
                )
            ) as localAt
        from instant
        join
            local_quarter
            on local_quarter.quarter = divide(epoch_us(instant.happenedAt), 900000000)
            and local_quarter.startsUs <= epoch_us(instant.happenedAt)
            and local_quarter.endsUs > epoch_us(instant.happenedAt)
    ),
    inside as (
        select local_instant.eventNumber, local_instant.what
        from local_instant
        join
            business_span
            on business_span.weekday = isodow(local_instant.localAt)
            and business_span.startUs <= epoch_us(local_instant.localAt) % 86400000000
            and business_span.endUs > epoch_us(local_instant.localAt) % 86400000000
    )
select eventNumber, bool_or(what = 'setter') as setterInHours, bool_or(what = 'ai') as aiInHours
from inside
group by eventNumber
having bool_or(what = 'inbound')
