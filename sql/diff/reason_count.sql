-- Grain: one likely reason, null where none can be told: its events and their differences.
-- Inputs: difference.
select reason, count(distinct inboundMessageId) as events, count(*) as differences
from difference
group by reason
order by reason is null, events desc, reason
