-- Grain: one open wait that passes the filters, by its start on the zone's clock.
-- Inputs: wait, clock_change, open_stretch.
-- Params: $since, $until, $clients, $channels (null: all), $zone, $business_time,
-- $in_hours (null: whenever), $as_of.
-- Decision: nobody answered, so the responder filter does not apply, and what tells responses apart
-- is null. `waitMs` is as in asked_wait. `periodLocal` never goes back, as in local_event.
select
    wait.clientId,
    wait.channel,
    wait.emailCampaignId,
    case
        when $business_time
        then greatest(opened_ms(wait.startSentAt, beginning, cast($as_of as timestamp), ending), 0)
        else wait.waitMs
    end as waitMs,
    cast(null as varchar) as responder,
    cast(null as varchar) as userId,
    cast(null as varchar) as firstBy,
    cast(null as bigint) as aiDelayMinSeconds,
    cast(null as bigint) as aiDelayMaxSeconds,
    timezone($zone, timezone('UTC', wait.startSentAt)) as inboundLocal,
    shown_at(wait.startSentAt, $zone, clock_change.startsUs, clock_change.shownUs) as periodLocal
from wait
left join
    clock_change
    on clock_change.startsUs <= epoch_us(wait.startSentAt)
    and clock_change.startsUs > epoch_us(wait.startSentAt) - 86400000000
left join open_stretch as beginning on falls_in(wait.startSentAt, beginning)
left join open_stretch as ending on falls_in(cast($as_of as timestamp), ending)
where
    wait.endSentAt is null
    and is_asked(wait.startSentAt, wait.clientId, wait.channel, $since, $until, $clients, $channels)
    and coalesce(cast($in_hours as boolean) = is_open(wait.startSentAt, beginning), true)
