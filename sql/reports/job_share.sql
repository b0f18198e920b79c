-- Grain: one row: how many sending jobs pass the filters, had a delay window, were late, unsent, or
-- unexplained.
-- Inputs: asked_job.
-- Decision: what no clock gives is in no figure; what is due later is not unsent.
select
    count(*) as jobs,
    count(*) filter (where schedule <> 'noWindow') as withWindow,
    count(*) filter (where isLate) as late,
    count(*) filter (where outcome not in ('sent', 'due')) as unsent,
    count(*) filter (where outcome = 'unexplained') as unexplained
from asked_job
where isAsked and not isImplausible
