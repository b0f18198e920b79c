-- Grain: one lead with an eligible inbound, in numbers, in the order in which leads are summed.
-- Inputs: delay_lead.
select
    pickedUs,
    minSeconds,
    maxSeconds,
    chosenSeconds,
    stratumNumber,
    channelNumber,
    earlierMessages,
    waitedMs,
    quarter,
    weekday,
    isUntimed,
    hasHappened,
    verdict = 'bookedBefore' as isBefore,
    verdict = 'analysed' as isAnalysed
from delay_lead
order by pickedUs, leadPlace
