-- Grain: one job that sends a draft: how it was scheduled, and what became of it, as docs/inbox.md
-- has it.
-- Inputs: scheduled_job, sent_job, windowed_job, overtaken_job.
-- Params: $as_of.
-- Decision: an opening is a whole minute an hour or more after the chosen delay. Of a job with an
-- instant that no clock gives the schedule is implausible, and no time is told; nor is one of a
-- job whose message is not known, for no clock can be held against it.
with
    told as (
        select
            scheduled_job.jobNumber,
            scheduled_job.jobId,
            scheduled_job.messageId,
            scheduled_job.draftId,
            scheduled_job.leadId,
            scheduled_job.clientId,
            scheduled_job.createdAt,
            scheduled_job.runAt,
            scheduled_job.startedAt,
            scheduled_job.finishedAt,
            scheduled_job.heardUntil,
            scheduled_job.attempts,
            scheduled_job.hasFailed,
            windowed_job.chosenSeconds,
            sent_job.sentMessageId,
            sent_job.sentAt,
            scheduled_ms(scheduled_job.runAt, scheduled_job.inboundSentAt) as scheduledMs,
            scheduled_job.inboundSentAt is not null as isKnown,
            schedule_verdict(
                scheduled_ms(scheduled_job.runAt, scheduled_job.inboundSentAt),
                windowed_job.chosenSeconds,
                windowed_job.minSeconds
            ) as verdict,
            is_implausible(scheduled_job.runAt, scheduled_job.inboundSentAt)
            or is_implausible(scheduled_job.startedAt, scheduled_job.inboundSentAt)
            or is_implausible(sent_job.sentAt, scheduled_job.inboundSentAt) as isImplausible
        from scheduled_job
        left join sent_job on sent_job.jobNumber = scheduled_job.jobNumber
        left join windowed_job on windowed_job.jobNumber = scheduled_job.jobNumber
    )
select
    told.jobId,
    told.messageId,
    told.draftId,
    told.leadId,
    told.clientId,
    told.chosenSeconds as chosenDelaySeconds,
    told.runAt,
    told.startedAt,
    told.finishedAt,
    told.sentMessageId,
    told.sentAt,
    case
        when told.isImplausible
        then 'implausible'
        when told.verdict <> 'later'
        then told.verdict
        when epoch_us(told.runAt) - epoch_us(told.createdAt) between 29000000 and 31000000
        then 'clamped'
        when
            told.runAt = date_trunc('minute', told.runAt)
            and told.scheduledMs - told.chosenSeconds * 1000 >= 3600000
        then 'opening'
        when told.attempts > 1
        then 'retried'
        else 'later'
    end as schedule,
    case
        when told.isKnown and not told.isImplausible then elapsed_ms(told.runAt, told.startedAt)
    end as waitedMs,
    case
        when told.isKnown and not told.isImplausible then elapsed_ms(told.startedAt, told.sentAt)
    end as sendMs,
    case
        when told.sentMessageId is not null
        then 'sent'
        when overtaken_job.setterAt <= told.heardUntil
        then 'setterFirst'
        when overtaken_job.inboundAt <= told.heardUntil
        then 'newInbound'
        when overtaken_job.outboundAt <= told.heardUntil
        then 'otherOutbound'
        when told.hasFailed
        then 'failed'
        when told.runAt > cast($as_of as timestamp)
        then 'due'
        else 'unexplained'
    end as outcome
from told
left join overtaken_job on overtaken_job.jobNumber = told.jobNumber
order by told.jobNumber
