-- Grain: one open wait that passes the filters, by its start on the zone's clock.
-- Inputs: asked_wait, clock_change.
-- Params: $zone.
-- Decision: nobody answered, so the responder filter does not apply. `periodLocal` never goes back,
-- as in local_event.
select
    asked_wait.clientId,
    asked_wait.channel,
    asked_wait.emailCampaignId,
    asked_wait.waitMs,
    timezone($zone, timezone('UTC', asked_wait.openSince)) as inboundLocal,
    shown_at(
        asked_wait.openSince, $zone, clock_change.startsUs, clock_change.shownUs
    ) as periodLocal
from asked_wait
left join
    clock_change
    on clock_change.startsUs <= epoch_us(asked_wait.openSince)
    and clock_change.startsUs > epoch_us(asked_wait.openSince) - 86400000000
where asked_wait.openSince is not null and asked_wait.isAsked
