-- Grain: one client and channel of the reported events.
-- Inputs: reported_event.
select clientId, channel, count(*) as events
from reported_event
group by clientId, channel
order by clientId, channel
