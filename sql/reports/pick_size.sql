-- Grain: one client and channel of the reported events.
-- Inputs: reported_event, import_event.
select reported_event.clientId, import_event.channel, count(*) as events
from reported_event
join import_event on import_event.rowid = reported_event.eventNumber
group by reported_event.clientId, import_event.channel
order by reported_event.clientId, import_event.channel
