-- Grain: one row: how many reported events there are, and who answered them first.
-- Inputs: reported_event.
select
    count(*) as events,
    count(*) filter (where firstBy = 'setter') as firstBySetter,
    count(*) filter (where firstBy = 'ai') as firstByAi,
    count(*) filter (where firstBy is null) as byNeither
from reported_event
