-- Grain: one difference: a column of an event that both sides have, or an event of one side alone.
-- Inputs: column_pair, unequal_event, event_reason, lone_event.
-- Decision: instants less than a millisecond apart, of which one is a whole millisecond, differ by
-- rounding, whatever else is said of their event.
with
    unlike as (
        select
            inboundMessageId,
            place,
            "column",
            here,
            there,
            case when "column" like '%At' then epoch_us(cast(here as timestamp)) end as hereUs,
            case when "column" like '%At' then epoch_us(cast(there as timestamp)) end as thereUs
        from column_pair
        where here is distinct from there
    )
select
    unequal_event.kind,
    unequal_event.inboundMessageId,
    unequal_event.leadId,
    unequal_event.channel,
    unequal_event.inboundSentAt,
    unlike.place,
    unlike."column",
    unlike.here,
    unlike.there,
    case
        when
            abs(unlike.hereUs - unlike.thereUs) < 1000
            and (unlike.hereUs % 1000 = 0 or unlike.thereUs % 1000 = 0)
        then 'rounded'
        when unlike."column" = 'id'
        then event_reason.idReason
        when unlike."column" in ('createdAt', 'updatedAt')
        then event_reason.writtenReason
        when unlike."column" = 'setterResponseMs'
        then coalesce(event_reason.setterMsReason, event_reason.setterReason)
        when unlike."column" like 'setter%'
        then event_reason.setterReason
        when unlike."column" = 'aiResponseMs'
        then coalesce(event_reason.aiMsReason, event_reason.aiReason)
        when unlike."column" = 'aiActualDelaySeconds'
        then coalesce(event_reason.aiSecondsReason, event_reason.aiReason)
        when unlike."column" in ('aiDraftId', 'aiResponseMessageId', 'aiResponseSentAt')
        then event_reason.aiReason
        when unlike."column" = 'aiChosenDelaySeconds'
        then coalesce(event_reason.chosenReason, event_reason.windowReason)
        when unlike."column" in ('aiDelayMinSeconds', 'aiDelayMaxSeconds')
        then event_reason.windowReason
        when unlike."column" in ('aiScheduledRunAt', 'aiJobStartedAt', 'aiJobFinishedAt')
        then event_reason.jobReason
    end as reason
from unlike
join unequal_event on unequal_event.inboundMessageId = unlike.inboundMessageId
join event_reason on event_reason.inboundMessageId = unlike.inboundMessageId
union all
select
    kind,
    inboundMessageId,
    leadId,
    channel,
    inboundSentAt,
    0 as place,
    null as "column",
    null as here,
    null as there,
    reason
from lone_event
