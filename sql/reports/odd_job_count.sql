-- Grain: one row: the jobs that are in no figure or in no period, and those that only the filter by
-- hours leaves out.
-- Inputs: asked_job.
select
    count(*) filter (where isAsked and isImplausible) as implausible,
    count(*) filter (where isAsked and not isImplausible and not isKnown) as withoutInbound,
    count(*) filter (where not isAsked) as leftOut
from asked_job
