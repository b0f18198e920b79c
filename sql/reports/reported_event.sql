-- Grain: one windowed event that passes the channel, responder and business hours filters.
-- Inputs: windowed_event, local_quarter, event_in_hours, lead_outcome.
-- Decision: an outcome stands at the one response that counts for its lead, elsewhere null. Under
-- business hours an event is judged by its first response; a later one outside them is no one's.
with
    judged as (
        select
            windowed_event.eventNumber,
            windowed_event.leadNumber,
            windowed_event.clientId,
            windowed_event.inboundSentAt,
            make_timestamp(
                epoch_us(windowed_event.inboundSentAt) + local_quarter.offsetUs
            ) as inboundLocal,
            case
                when not windowed_event.mustLieInHours or event_in_hours.setterInHours
                then windowed_event.setterResponseSentAt
            end as setterResponseSentAt,
            case
                when not windowed_event.mustLieInHours or event_in_hours.aiInHours
                then windowed_event.aiResponseSentAt
            end as aiResponseSentAt,
            windowed_event.aiDelayMinSeconds,
            windowed_event.aiDelayMaxSeconds,
            windowed_event.aiChosenDelaySeconds,
            windowed_event.aiScheduledRunAt,
            windowed_event.firstBy,
            windowed_event.firstUserId,
            windowed_event.firstSentAt,
            lead_outcome.outcome
        from windowed_event
        join
            local_quarter
            on local_quarter.quarter = divide(epoch_us(windowed_event.inboundSentAt), 900000000)
        left join event_in_hours on event_in_hours.eventNumber = windowed_event.eventNumber
        left join lead_outcome on lead_outcome.eventNumber = windowed_event.eventNumber
        where
            windowed_event.isAsked
            and (
                not windowed_event.mustLieInHours
                or (windowed_event.firstBy = 'setter' and event_in_hours.setterInHours)
                or (windowed_event.firstBy = 'ai' and event_in_hours.aiInHours)
            )
    )
select
    eventNumber,
    leadNumber,
    clientId,
    inboundSentAt,
    inboundLocal,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    firstBy,
    firstUserId,
    outcome,
    divide(epoch_us(setterResponseSentAt) - epoch_us(inboundSentAt), 1000) as setterMs,
    divide(epoch_us(aiResponseSentAt) - epoch_us(inboundSentAt), 1000) as aiMs,
    divide(epoch_us(firstSentAt) - epoch_us(inboundSentAt), 1000) as firstMs,
    epoch_us(aiResponseSentAt) - epoch_us(aiScheduledRunAt) as driftUs,
    divide(epoch_us(aiScheduledRunAt), 1000) - divide(epoch_us(inboundSentAt), 1000) as scheduledMs
from judged
