-- Grain: one violation: a row of a file of events whose response was sent before its inbound.
-- Inputs: import_event.
select
    case
        when setterResponseSentAt < inboundSentAt
        then 'setterResponseSentAt'
        else 'aiResponseSentAt'
    end as "column",
    rowid + 1 as row
from import_event
where setterResponseSentAt < inboundSentAt or aiResponseSentAt < inboundSentAt
order by row
