-- Grain: one kind of sender of the first outbound after anchors that neither a setter with a user
-- id nor the event's draft answered.
-- Inputs: event_row, event_in_hours, import_event, anchor_context.
-- Decision: there is no responder, so the responder filter does not apply, and the business hours
-- are those of the inbound. The example is the first in time, at one instant the lesser id.
with
    unanswered as (
        select eventNumber
        from event_row
        where isWindowed and isOnChannel and firstBy is null and not mustLieInHours
        union all
        select event_row.eventNumber
        from event_row
        join event_in_hours on event_in_hours.eventNumber = event_row.eventNumber
        where
            event_row.isWindowed
            and event_row.isOnChannel
            and event_row.firstBy is null
            and event_row.mustLieInHours
    ),
    followed as (
        select
            anchor_context.firstOutboundBy,
            import_event.inboundMessageId,
            import_event.inboundSentAt,
            elapsed_ms(
                import_event.inboundSentAt, anchor_context.firstOutboundSentAt
            ) as firstOutboundMs
        from unanswered
        join import_event on import_event.rowid = unanswered.eventNumber
        join anchor_context on anchor_context.inboundMessageId = import_event.inboundMessageId
    )
select
    firstOutboundBy,
    count(*) as n,
    quantile_cont(firstOutboundMs, [0.5]) as quantilesMs,
    arg_min(inboundMessageId, row(inboundSentAt, inboundMessageId)) as exampleInboundMessageId
from followed
group by firstOutboundBy
order by firstOutboundBy
