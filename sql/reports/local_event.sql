-- Grain: one reported event, with its inbound on the zone's clock.
-- Inputs: reported_event, local_quarter.
select
    reported_event.eventNumber,
    reported_event.aiDelayMinSeconds,
    reported_event.aiDelayMaxSeconds,
    reported_event.aiChosenDelaySeconds,
    reported_event.firstBy,
    reported_event.firstMs,
    reported_event.scheduledMs,
    make_timestamp(epoch_us(reported_event.inboundSentAt) + local_quarter.offsetUs) as inboundLocal
from reported_event
join
    local_quarter
    on local_quarter.quarter = divide(epoch_us(reported_event.inboundSentAt), 900000000)
