-- Grain: one reported event, with its inbound on the zone's clock.
-- Inputs: reported_event, local_quarter.
-- Params: $zone.
-- Decision: a day starts at the first instant at which the clocks show its midnight, or at the next
-- one where they leave it out; what follows is of that day, also when they show the day before
-- once more. So `periodLocal` never goes back. The clock of UTC is never set, and nothing is
-- joined.
select
    eventNumber,
    inboundMessageId,
    leadId,
    clientId,
    channel,
    setterSentByUserId,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    firstBy,
    firstUserId,
    setterMs,
    aiMs,
    firstMs,
    scheduledMs,
    inboundSentAt as inboundLocal,
    inboundSentAt as periodLocal
from reported_event
where $zone = 'UTC'
union all
select
    reported_event.eventNumber,
    reported_event.inboundMessageId,
    reported_event.leadId,
    reported_event.clientId,
    reported_event.channel,
    reported_event.setterSentByUserId,
    reported_event.aiDelayMinSeconds,
    reported_event.aiDelayMaxSeconds,
    reported_event.aiChosenDelaySeconds,
    reported_event.firstBy,
    reported_event.firstUserId,
    reported_event.setterMs,
    reported_event.aiMs,
    reported_event.firstMs,
    reported_event.scheduledMs,
    make_timestamp(epoch_us(reported_event.inboundSentAt) + local_quarter.offsetUs) as inboundLocal,
    make_timestamp(
        greatest(
            epoch_us(reported_event.inboundSentAt) + local_quarter.offsetUs, local_quarter.shownUs
        )
    ) as periodLocal
from reported_event
join
    local_quarter
    on local_quarter.quarter = divide(epoch_us(reported_event.inboundSentAt), 900000000)
    and local_quarter.startsUs <= epoch_us(reported_event.inboundSentAt)
    and local_quarter.endsUs > epoch_us(reported_event.inboundSentAt)
where $zone != 'UTC'
