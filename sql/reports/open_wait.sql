-- Grain: one open wait that passes the filters, by its start on the zone's clock.
-- Inputs: wait, clock_change.
-- Params: $since, $until, $clients, $channels (null: all), $zone.
-- Decision: nobody answered, so the responder filter does not apply. `periodLocal` never goes back,
-- as in local_event.
select
    wait.leadId,
    wait.clientId,
    wait.channel,
    wait.emailCampaignId,
    wait.waitMs,
    timezone($zone, timezone('UTC', wait.startSentAt)) as inboundLocal,
    shown_at(wait.startSentAt, $zone, clock_change.startsUs, clock_change.shownUs) as periodLocal
from wait
left join
    clock_change
    on clock_change.startsUs <= epoch_us(wait.startSentAt)
    and clock_change.startsUs > epoch_us(wait.startSentAt) - 86400000000
where
    wait.endSentAt is null
    and is_asked(wait.startSentAt, wait.clientId, wait.channel, $since, $until, $clients, $channels)
