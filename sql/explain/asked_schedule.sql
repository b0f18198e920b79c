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
            elapsed_ms(aiScheduledRunAt, aiJobStartedAt) as startedMs,
            elapsed_ms(aiScheduledRunAt, aiJobFinishedAt) as finishedMs,
            elapsed_ms(aiScheduledRunAt, aiResponseSentAt) as driftMs
        from answered_anchor
        where inboundMessageId = $message and aiBackgroundJobId is not null
    )
select
    aiScheduledRunAt as scheduledRunAt,
    scheduledMs,
    schedule_verdict(
        scheduledMs, cast($chosen_seconds as bigint), cast($min_seconds as bigint)
    ) as verdict,
    startedMs,
    finishedMs,
    driftMs
from job
