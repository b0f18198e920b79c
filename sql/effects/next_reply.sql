-- Grain: one lead that wrote back after its first response, and when; none where bookings are asked
-- for.
-- Inputs: first_response, import_event, anchor_context.
-- Params: $outcome (booked or replied).
select first_response.leadNumber, anchor_context.nextInboundSentAt as repliedAt
from first_response
join import_event on import_event.rowid = first_response.eventNumber
join anchor_context on anchor_context.inboundMessageId = import_event.inboundMessageId
where $outcome = 'replied' and anchor_context.nextInboundSentAt is not null
