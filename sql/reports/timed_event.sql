-- Grain: one windowed event, with its response times by the clock that is asked for.
-- Inputs: event_row, open_stretch.
-- Decision: in business time a duration is how long the business was open in it; who was first, and
-- what the machine did, go by instants. Without business hours nothing is joined: of the two halves
-- one is always empty. `inboundOpenUs` is null there.
with
    timed as (
        select
            eventNumber,
            inboundMessageId,
            divide(epoch_us(setterResponseSentAt) - epoch_us(inboundSentAt), 1000) as setterMs,
            divide(epoch_us(aiResponseSentAt) - epoch_us(inboundSentAt), 1000) as aiMs,
            cast(null as bigint) as inboundOpenUs,
            leadId,
            clientId,
            channel,
            inboundSentAt,
            setterSentByUserId,
            aiResponseSentAt,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            aiChosenDelaySeconds,
            aiScheduledRunAt,
            firstBy,
            isOnChannel,
            isAsked
        from event_row
        where isWindowed and not isInBusinessTime
        union all
        select
            event_row.eventNumber,
            event_row.inboundMessageId,
            opened_ms(
                event_row.inboundSentAt,
                inbound_stretch,
                event_row.setterResponseSentAt,
                setter_stretch
            ),
            opened_ms(
                event_row.inboundSentAt, inbound_stretch, event_row.aiResponseSentAt, ai_stretch
            ),
            open_us(event_row.inboundSentAt, inbound_stretch),
            event_row.leadId,
            event_row.clientId,
            event_row.channel,
            event_row.inboundSentAt,
            event_row.setterSentByUserId,
            event_row.aiResponseSentAt,
            event_row.aiDelayMinSeconds,
            event_row.aiDelayMaxSeconds,
            event_row.aiChosenDelaySeconds,
            event_row.aiScheduledRunAt,
            event_row.firstBy,
            event_row.isOnChannel,
            event_row.isAsked
        from event_row
        join open_stretch as inbound_stretch on falls_in(event_row.inboundSentAt, inbound_stretch)
        left join
            open_stretch as setter_stretch
            on falls_in(event_row.setterResponseSentAt, setter_stretch)
        left join open_stretch as ai_stretch on falls_in(event_row.aiResponseSentAt, ai_stretch)
        where
            event_row.isWindowed
            and event_row.isInBusinessTime
            and (
                event_row.mustBeInHours is null
                or event_row.mustBeInHours = is_open(event_row.inboundSentAt, inbound_stretch)
            )
    )
select
    eventNumber,
    inboundMessageId,
    leadId,
    clientId,
    channel,
    inboundSentAt,
    inboundOpenUs,
    setterSentByUserId,
    aiResponseSentAt,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    aiScheduledRunAt,
    firstBy,
    case when firstBy = 'setter' then coalesce(setterSentByUserId, '') end as firstUserId,
    setterMs,
    aiMs,
    least(setterMs, aiMs) as firstMs,
    isOnChannel,
    isAsked
from timed
