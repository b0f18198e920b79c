-- Grain: one job that sends a draft and passes the filters by its inbound message, but for that by
-- hours.
-- Inputs: job_outcome, job_inbound, open_stretch, clock_change.
-- Params: $since, $until, $clients, $channels (null: all), $zone, $period,
-- $in_hours (null: whenever).
-- Decision: what became of a job is asked whoever answered, so the responder filter does not apply.
-- A job whose message is not known passes where nothing is asked of that, and is in no period. It
-- is late where it was scheduled after the chosen delay. `isAsked` is whether it also passes the
-- filter by hours. Its times are by the clock on the wall, as its plan is.
with
    placed as (
        select
            job_outcome.clientId,
            job_outcome.outcome,
            job_outcome.schedule,
            job_outcome.waitedMs,
            job_outcome.sendMs,
            job_inbound.channel,
            job_inbound.sentAt as inboundSentAt,
            is_open(job_inbound.sentAt, open_stretch) as isInHours,
            shown_at(
                job_inbound.sentAt, $zone, clock_change.startsUs, clock_change.shownUs
            ) as localAt
        from job_outcome
        left join job_inbound on job_inbound.id = job_outcome.messageId
        left join
            clock_change
            on clock_change.startsUs <= epoch_us(job_inbound.sentAt)
            and clock_change.startsUs > epoch_us(job_inbound.sentAt) - 86400000000
        left join open_stretch on falls_in(job_inbound.sentAt, open_stretch)
    )
select
    outcome,
    schedule,
    waitedMs,
    sendMs,
    inboundSentAt is not null as isKnown,
    schedule = 'implausible' as isImplausible,
    schedule in ('clamped', 'opening', 'retried', 'later') as isLate,
    date_trunc($period, localAt) as periodStartsAt,
    $in_hours is null or coalesce(isInHours = cast($in_hours as boolean), false) as isAsked
from placed
where is_asked(inboundSentAt, clientId, channel, $since, $until, $clients, $channels)
