-- Grain: one kind, column and likely reason: how many events differ so.
-- Inputs: difference.
select kind, "column", reason, count(*) as events
from difference
group by kind, "column", reason, place
order by kind desc, place, events desc, reason
