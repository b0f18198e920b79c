-- Grain: one lead with a response in the window: the earliest one, which counts for the lead.
-- Inputs: event_row, import_event.
-- Params: $outcomes_given (without lead data nothing counts for a lead).
-- Decision: of responses at one instant the one to the lesser inboundMessageId.
with
    earliest as (
        select leadId, min(firstSentAt) as firstSentAt
        from event_row
        where isWindowed and firstSentAt is not null and $outcomes_given
        group by leadId
    )
select
    event_row.leadId,
    event_row.firstSentAt,
    arg_min(event_row.eventNumber, import_event.inboundMessageId) as eventNumber
from event_row
join earliest on earliest.leadId = event_row.leadId and earliest.firstSentAt = event_row.firstSentAt
join import_event on import_event.rowid = event_row.eventNumber
where event_row.isWindowed
group by event_row.leadId, event_row.firstSentAt
