-- Grain: one job: that of the anchor that is asked about, and what became of the chosen delay.
-- Milliseconds are floored; those after scheduledMs count from runAt and are null where nothing
-- was started, finished or sent.
-- Inputs: answered_anchor.
-- Params: $message, $chosen_seconds, $min_seconds (of its event; null without a window).
with
    job as (
        select
            aiScheduledRunAt,
            scheduled_ms(aiScheduledRunAt, inboundSentAt) as scheduledMs,
            epoch_us(aiJobStartedAt) - epoch_us(aiScheduledRunAt) as startedUs,
            epoch_us(aiJobFinishedAt) - epoch_us(aiScheduledRunAt) as finishedUs,
            epoch_us(aiResponseSentAt) - epoch_us(aiScheduledRunAt) as driftUs
        from answered_anchor
        where inboundMessageId = $message and aiBackgroundJobId is not null
    )
select
    aiScheduledRunAt as scheduledRunAt,
    scheduledMs,
    schedule_verdict(
        scheduledMs, cast($chosen_seconds as bigint), cast($min_seconds as bigint)
    ) as verdict,
    cast(floor(startedUs / 1000) as bigint) as startedMs,
    cast(floor(finishedUs / 1000) as bigint) as finishedMs,
    cast(floor(driftUs / 1000) as bigint) as driftMs
from job
