-- Grain: one lead with an eligible inbound, in numbers, in the order in which leads are summed.
-- Inputs: delay_lead.
-- Params: $zone (the clock of hours and weekdays).
select
    sentUs,
    minSeconds,
    maxSeconds,
    chosenSeconds,
    stratumNumber,
    channelNumber,
    cast(earlierMessages as tinyint) as earlierMessages,
    waitedMs,
    cast(
        divide(hour(timezone($zone, timezone('UTC', make_timestamp(sentUs)))), 6) as tinyint
    ) as quarter,
    cast(isodow(timezone($zone, timezone('UTC', make_timestamp(sentUs)))) as tinyint) as weekday,
    isUntimed,
    hasHappened,
    verdict = 'bookedBefore' as isBefore,
    verdict = 'analysed' as isAnalysed
from delay_lead
order by sentUs, leadPlace
