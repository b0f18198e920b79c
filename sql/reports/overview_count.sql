-- Grain: one row: the counts and the span of the reported events.
-- Inputs: reported_event.
select
    count(*) as events,
    (select count(*) from (select distinct leadId from reported_event) as lead) as leads,
    count(distinct clientId) as clients,
    min(inboundSentAt) as firstInboundAt,
    max(inboundSentAt) as lastInboundAt,
    count(setterMs) as bySetter,
    count(aiMs) as byAi,
    count(*) filter (where setterMs is not null and aiMs is not null) as byBoth,
    count(*) filter (where setterMs is null and aiMs is null) as byNeither,
    count(*) filter (where firstBy = 'setter') as firstBySetter,
    count(*) filter (where firstBy = 'ai') as firstByAi
from reported_event
