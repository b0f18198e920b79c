-- Grain: one event of the window that passes the filters.
-- Inputs: timed_event.
-- Decision: `setterMs`, `aiMs` and `firstMs` are by the clock that is asked for; `aiActualMs`, the
-- drift and the schedule, which are of the machine, are by the clock on the wall. A drift or a
-- schedule that no clock gives is null, and marked.
select
    eventNumber,
    inboundMessageId,
    leadId,
    clientId,
    channel,
    inboundSentAt,
    setterSentByUserId,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    firstBy,
    firstUserId,
    setterMs,
    aiMs,
    firstMs,
    divide(epoch_us(aiResponseSentAt) - epoch_us(inboundSentAt), 1000) as aiActualMs,
    is_implausible(aiScheduledRunAt, inboundSentAt) as isRunImplausible,
    aiScheduledRunAt is not null
    and aiResponseSentAt is not null
    and (isRunImplausible or is_implausible(aiResponseSentAt, inboundSentAt)) as isDriftImplausible,
    case
        when not isDriftImplausible then epoch_us(aiResponseSentAt) - epoch_us(aiScheduledRunAt)
    end as driftUs,
    case
        when not isRunImplausible then scheduled_ms(aiScheduledRunAt, inboundSentAt)
    end as scheduledMs
from timed_event
where isAsked
