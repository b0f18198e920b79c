-- Grain: one event of the window that passes the channel, responder and business hours filters.
-- Inputs: event_row, event_in_hours.
-- Decision: under business hours an event is judged by its first response; a later one outside
-- them is no one's. Without them nothing is joined: of the two halves one is always empty.
-- A drift or a schedule that no clock gives is null, and marked.
with
    judged as (
        select
            eventNumber,
            leadId,
            clientId,
            inboundSentAt,
            setterResponseSentAt,
            aiResponseSentAt,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            aiChosenDelaySeconds,
            aiScheduledRunAt,
            firstBy,
            firstUserId,
            firstSentAt
        from event_row
        where isWindowed and isAsked and not mustLieInHours
        union all
        select
            event_row.eventNumber,
            event_row.leadId,
            event_row.clientId,
            event_row.inboundSentAt,
            case when event_in_hours.setterInHours then event_row.setterResponseSentAt end,
            case when event_in_hours.aiInHours then event_row.aiResponseSentAt end,
            event_row.aiDelayMinSeconds,
            event_row.aiDelayMaxSeconds,
            event_row.aiChosenDelaySeconds,
            event_row.aiScheduledRunAt,
            event_row.firstBy,
            event_row.firstUserId,
            event_row.firstSentAt
        from event_row
        join event_in_hours on event_in_hours.eventNumber = event_row.eventNumber
        where
            event_row.isWindowed
            and event_row.isAsked
            and (
                (event_row.firstBy = 'setter' and event_in_hours.setterInHours)
                or (event_row.firstBy = 'ai' and event_in_hours.aiInHours)
            )
    )
select
    eventNumber,
    leadId,
    clientId,
    inboundSentAt,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    firstBy,
    firstUserId,
    divide(epoch_us(setterResponseSentAt) - epoch_us(inboundSentAt), 1000) as setterMs,
    divide(epoch_us(aiResponseSentAt) - epoch_us(inboundSentAt), 1000) as aiMs,
    divide(epoch_us(firstSentAt) - epoch_us(inboundSentAt), 1000) as firstMs,
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
from judged
