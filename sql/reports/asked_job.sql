-- Grain: one job that sends a draft and passes the filters, by when its inbound message came.
-- Inputs: job_outcome, inbox_message, business_span, clock_change.
-- Params: $since, $until, $clients, $channels (null: all), $hours_given, $zone, $period.
-- Decision: what became of a job is asked whoever answered, so the responder filter does not apply.
-- A job whose message is not known passes where nothing is asked of that, and is in no period. It
-- is late where it was scheduled after the chosen delay.
with
    placed as (
        select
            job_outcome.clientId,
            job_outcome.outcome,
            job_outcome.schedule,
            job_outcome.waitedMs,
            job_outcome.sendMs,
            inbox_message.channel,
            inbox_message.sentAt as inboundSentAt,
            shown_at(
                inbox_message.sentAt, $zone, clock_change.startsUs, clock_change.shownUs
            ) as localAt
        from job_outcome
        left join
            inbox_message
            on inbox_message.id = job_outcome.messageId
            and inbox_message.direction = 'inbound'
        left join
            clock_change
            on clock_change.startsUs <= epoch_us(inbox_message.sentAt)
            and clock_change.startsUs > epoch_us(inbox_message.sentAt) - 86400000000
    )
select
    outcome,
    schedule,
    waitedMs,
    sendMs,
    inboundSentAt is not null as isKnown,
    schedule = 'implausible' as isImplausible,
    schedule in ('clamped', 'opening', 'retried', 'later') as isLate,
    date_trunc($period, localAt) as periodStartsAt
from placed
where
    is_asked(inboundSentAt, clientId, channel, $since, $until, $clients, $channels)
    and (
        not $hours_given
        or exists (
            select 1
            from business_span
            where
                business_span.weekday = isodow(placed.localAt)
                and business_span.startUs <= epoch_us(placed.localAt) % 86400000000
                and business_span.endUs > epoch_us(placed.localAt) % 86400000000
        )
    )
