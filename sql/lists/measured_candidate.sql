-- Grain: one candidate that passes the filters by its length.
-- Inputs: candidate, open_stretch.
-- Params: $weekend (only waits that have a whole weekend in them), $over_ms (only longer ones;
-- null: all), $zone, $business_time, $kind.
-- Decision: in business time a wait is as long as the business was open in it, and the order and
-- the least length go by that. How late a job was is no wait: what the machine does goes by the
-- elapsed time. Where the inbound is not known, no length is.
select
    candidate.messageId,
    candidate.leadId,
    candidate.clientId,
    candidate.channel,
    candidate.emailCampaignId,
    candidate.sinceAt,
    candidate.untilAt,
    candidate.waitMs,
    candidate.severity,
    candidate.endedBy,
    candidate.firstOutboundBy,
    candidate.jobId,
    candidate.outcome,
    candidate.schedule,
    candidate.runAt,
    case
        when $business_time and candidate.sinceAt is not null
        then greatest(opened_ms(candidate.sinceAt, beginning, candidate.untilAt, ending), 0)
    end as businessWaitMs,
    coalesce(case when $kind <> 'late' then businessWaitMs end, candidate.waitMs) as measuredMs
from candidate
left join open_stretch as beginning on $business_time and falls_in(candidate.sinceAt, beginning)
left join open_stretch as ending on $business_time and falls_in(candidate.untilAt, ending)
where
    (
        not $weekend
        or has_weekend(
            timezone($zone, timezone('UTC', candidate.sinceAt)),
            timezone($zone, timezone('UTC', candidate.untilAt))
        )
    )
    and ($over_ms is null or measuredMs > $over_ms)
