-- Grain: one violation: a row of a file of events whose response was sent before its inbound.
-- Inputs: event_row.
select
    case
        when setterResponseSentAt < inboundSentAt
        then 'setterResponseSentAt'
        else 'aiResponseSentAt'
    end as "column",
    eventNumber + 1 as row
from event_row
where setterResponseSentAt < inboundSentAt or aiResponseSentAt < inboundSentAt
order by row
