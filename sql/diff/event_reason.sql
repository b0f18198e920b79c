-- Grain: one anchor whose events differ, with the likely reason for each group of columns.
-- Inputs: unequal_event, side_fact, moved_answer.
-- Decision: a reason is named only where the two events, or a side as a whole, show it;
-- docs/diff.md has each condition. `giver` is the event that has an answer, `silent` the side of
-- the one that has none. chosen_delay is the function of timingctl/delay.py.
with
    sided as (
        select
            unequal_event.inboundMessageId,
            unequal_event.here,
            unequal_event.there,
            fact_here.isOfOneInstant and fact_there.isOfOneInstant as areOfOneInstant,
            coalesce(moved_here.reason, moved_there.reason) as movedReason,
            case when here.setterResponseMessageId is null then there else here end as setterGiver,
            case
                when here.setterResponseMessageId is null
                then fact_here
                when there.setterResponseMessageId is null
                then fact_there
            end as setterSilent,
            case when here.aiResponseMessageId is null then there else here end as aiGiver,
            case
                when here.aiResponseMessageId is null
                then fact_here
                when there.aiResponseMessageId is null
                then fact_there
            end as aiSilent,
            here.aiChosenDelaySeconds is not distinct from chosen_delay(
                here.inboundMessageId, here.aiDelayMinSeconds, here.aiDelayMaxSeconds
            )
            and there.aiChosenDelaySeconds is not distinct from chosen_delay(
                there.inboundMessageId, there.aiDelayMinSeconds, there.aiDelayMaxSeconds
            ) as areChosen
        from unequal_event
        join side_fact as fact_here on fact_here.side = 'here'
        join side_fact as fact_there on fact_there.side = 'there'
        left join
            moved_answer as moved_here on moved_here.hereAnchorId = unequal_event.inboundMessageId
        left join
            moved_answer as moved_there
            on moved_there.thereAnchorId = unequal_event.inboundMessageId
        where unequal_event.kind = 'differs'
    )
select
    inboundMessageId,
    case
        when (here.id = inboundMessageId) <> (there.id = inboundMessageId) then 'own-id'
    end as idReason,
    case when areOfOneInstant then 'as-of' end as writtenReason,
    case
        when here.setterResponseMessageId is not distinct from there.setterResponseMessageId
        then null
        when
            here.setterResponseSentAt = there.setterResponseSentAt
            or here.setterResponseSentAt = here.inboundSentAt
            or there.setterResponseSentAt = there.inboundSentAt
        then 'tie'
        when movedReason is not null
        then movedReason
        when
            setterGiver.aiResponseSentAt < setterGiver.setterResponseSentAt
            and setterSilent.mayBeRuleNext
        then 'rule-next'
        when setterGiver.setterResponseSentAt > setterSilent.knownUntil
        then 'newer'
    end as setterReason,
    case
        when here.aiResponseMessageId is not distinct from there.aiResponseMessageId
        then null
        when
            here.aiResponseSentAt = there.aiResponseSentAt
            or here.aiResponseSentAt = here.inboundSentAt
            or there.aiResponseSentAt = there.inboundSentAt
        then 'tie'
        when aiGiver.aiResponseSentAt > aiSilent.knownUntil
        then 'newer'
    end as aiReason,
    case
        when
            here.aiDelayMinSeconds is not distinct from there.aiDelayMinSeconds
            and here.aiDelayMaxSeconds is not distinct from there.aiDelayMaxSeconds
        then null
        when not areChosen
        then null
        when here.aiChosenDelaySeconds is null or there.aiChosenDelaySeconds is null
        then 'window-missing'
        else 'window-changed'
    end as windowReason,
    case when not areChosen then 'chosen-inconsistent' end as chosenReason,
    case
        when here.aiBackgroundJobId is distinct from there.aiBackgroundJobId
        then null
        when abs(epoch_us(here.aiScheduledRunAt) - epoch_us(there.aiScheduledRunAt)) >= 1000
        then 'job-rescheduled'
        when here.aiScheduledRunAt is distinct from there.aiScheduledRunAt
        then null
        when
            coalesce(here.aiJobStartedAt = there.aiJobStartedAt, here.aiJobStartedAt is null)
            and coalesce(here.aiJobFinishedAt = there.aiJobFinishedAt, here.aiJobFinishedAt is null)
        then 'job-ran-since'
        when
            coalesce(here.aiJobStartedAt = there.aiJobStartedAt, there.aiJobStartedAt is null)
            and coalesce(
                here.aiJobFinishedAt = there.aiJobFinishedAt, there.aiJobFinishedAt is null
            )
        then 'job-ran-since'
    end as jobReason,
    case
        when 2147483647 = least(here.setterResponseMs, there.setterResponseMs)
        then 'saturated'
        when
            here.setterResponseMessageId = there.setterResponseMessageId
            and abs(here.setterResponseMs - there.setterResponseMs) = 1
            and here.setterResponseMs
            = divide(epoch_us(here.setterResponseSentAt) - epoch_us(here.inboundSentAt), 1000)
            and there.setterResponseMs
            = divide(epoch_us(there.setterResponseSentAt) - epoch_us(there.inboundSentAt), 1000)
        then 'rounded'
    end as setterMsReason,
    case
        when 2147483647 = least(here.aiResponseMs, there.aiResponseMs)
        then 'saturated'
        when
            here.aiResponseMessageId = there.aiResponseMessageId
            and abs(here.aiResponseMs - there.aiResponseMs) = 1
            and here.aiResponseMs
            = divide(epoch_us(here.aiResponseSentAt) - epoch_us(here.inboundSentAt), 1000)
            and there.aiResponseMs
            = divide(epoch_us(there.aiResponseSentAt) - epoch_us(there.inboundSentAt), 1000)
        then 'rounded'
    end as aiMsReason,
    case
        when
            here.aiResponseMessageId = there.aiResponseMessageId
            and abs(epoch_us(here.aiResponseSentAt) - epoch_us(there.aiResponseSentAt)) < 1000
            and abs(epoch_us(here.inboundSentAt) - epoch_us(there.inboundSentAt)) < 1000
            and here.aiActualDelaySeconds
            = divide(epoch_us(here.aiResponseSentAt) - epoch_us(here.inboundSentAt), 1000000)
            and there.aiActualDelaySeconds
            = divide(epoch_us(there.aiResponseSentAt) - epoch_us(there.inboundSentAt), 1000000)
        then 'rounded'
    end as aiSecondsReason
from sided
