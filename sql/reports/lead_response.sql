-- Grain: one lead with a response in the window: the earliest one, which counts for the lead.
-- Inputs: windowed_event, import_event.
-- Params: $outcomes_given (without lead data nothing counts for a lead).
-- Decision: of responses at one instant the one to the lesser inboundMessageId.
with
    earliest as (
        select leadNumber, min(firstSentAt) as firstSentAt
        from windowed_event
        where firstSentAt is not null and $outcomes_given
        group by leadNumber
    ),
    ranked as (
        select
            windowed_event.leadNumber,
            windowed_event.eventNumber,
            windowed_event.firstSentAt,
            row_number() over (
                partition by windowed_event.leadNumber order by import_event.inboundMessageId
            ) as preference
        from windowed_event
        join
            earliest
            on earliest.leadNumber = windowed_event.leadNumber
            and earliest.firstSentAt = windowed_event.firstSentAt
        join import_event on import_event.rowid = windowed_event.eventNumber
    )
select leadNumber, eventNumber, firstSentAt
from ranked
where preference = 1
