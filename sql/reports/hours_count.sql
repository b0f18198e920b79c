-- Grain: one row: the inbounds of the events that pass the other filters, by business hours.
-- Inputs: event_row, open_stretch.
select
    count(*) filter (where is_open(event_row.inboundSentAt, open_stretch)) as inHours,
    count(*) filter (where not is_open(event_row.inboundSentAt, open_stretch)) as afterHours
from event_row
join open_stretch on falls_in(event_row.inboundSentAt, open_stretch)
where event_row.isWindowed and event_row.isAsked
