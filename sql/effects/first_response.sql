-- Grain: one lead with a response: the earliest one, which counts for the lead.
-- Inputs: responded_event, import_event.
-- Decision: as in a report. The window and the client act before the pick, the channel after it;
-- of responses at one instant the one to the lesser inboundMessageId.
with
    earliest as (
        select leadNumber, min(firstSentAt) as firstSentAt from responded_event group by leadNumber
    ),
    first_event as (
        select
            responded_event.leadNumber,
            min(responded_event.eventNumber) as eventNumber,
            count(*) as events
        from earliest
        join
            responded_event
            on responded_event.leadNumber = earliest.leadNumber
            and responded_event.firstSentAt = earliest.firstSentAt
        group by responded_event.leadNumber
    ),
    tied as (
        select
            responded_event.leadNumber,
            arg_min(responded_event.eventNumber, import_event.inboundMessageId) as eventNumber
        from first_event
        join earliest on earliest.leadNumber = first_event.leadNumber
        join
            responded_event
            on responded_event.leadNumber = earliest.leadNumber
            and responded_event.firstSentAt = earliest.firstSentAt
        join import_event on import_event.rowid = responded_event.eventNumber
        where first_event.events > 1
        group by responded_event.leadNumber
    ),
    pick as (
        select coalesce(tied.eventNumber, first_event.eventNumber) as eventNumber
        from first_event
        left join tied on tied.leadNumber = first_event.leadNumber
    )
select
    responded_event.eventNumber,
    responded_event.leadNumber,
    responded_event.inboundSentAt,
    responded_event.firstSentAt
from pick
join responded_event on responded_event.eventNumber = pick.eventNumber
where responded_event.isOnChannel
