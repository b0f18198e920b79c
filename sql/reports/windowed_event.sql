-- Grain: one event of the window and of the clients asked for, with its first response.
-- Inputs: import_event, event_lead.
-- Params: $since (included), $until (excluded), $clients, $channels, $responders; null:
-- all. $hours_given.
-- Decision: at one instant the setter is first; durations come from the instants, not from the
-- millisecond columns, which may have been cut to 32 bits on the way. Channel and responder only
-- mark an event here, for the pick of a lead's earliest response comes before them.
with
    asked as (
        select
            import_event.rowid as eventNumber,
            event_lead.leadNumber,
            import_event.clientId,
            import_event.channel,
            import_event.inboundSentAt,
            import_event.setterResponseSentAt,
            import_event.setterSentByUserId,
            import_event.aiResponseSentAt,
            import_event.aiDelayMinSeconds,
            import_event.aiDelayMaxSeconds,
            import_event.aiChosenDelaySeconds,
            import_event.aiScheduledRunAt,
            case
                when import_event.setterResponseSentAt <= import_event.aiResponseSentAt
                then 'setter'
                when import_event.aiResponseSentAt is not null
                then 'ai'
                when import_event.setterResponseSentAt is not null
                then 'setter'
            end as firstBy
        from import_event
        join event_lead on event_lead.leadId = import_event.leadId
        where
            import_event.problem is null
            and ($since is null or import_event.inboundSentAt >= cast($since as timestamp))
            and ($until is null or import_event.inboundSentAt < cast($until as timestamp))
            and (
                $clients is null
                or list_contains(cast($clients as varchar[]), import_event.clientId)
            )
    )
select
    eventNumber,
    leadNumber,
    clientId,
    inboundSentAt,
    setterResponseSentAt,
    aiResponseSentAt,
    aiDelayMinSeconds,
    aiDelayMaxSeconds,
    aiChosenDelaySeconds,
    aiScheduledRunAt,
    firstBy,
    case when firstBy = 'setter' then setterResponseSentAt else aiResponseSentAt end as firstSentAt,
    case when firstBy = 'setter' then coalesce(setterSentByUserId, '') end as firstUserId,
    ($channels is null or list_contains(cast($channels as varchar[]), channel))
    and (
        $responders is null
        or coalesce(
            list_contains(
                cast($responders as varchar[]),
                case
                    when firstBy = 'setter'
                    then 'user:' || coalesce(setterSentByUserId, '')
                    else firstBy
                end
            ),
            false
        )
    ) as isAsked,
    $hours_given as mustLieInHours
from asked
