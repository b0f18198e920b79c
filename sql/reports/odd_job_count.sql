-- Grain: one row: the jobs that are in no figure or in no period.
-- Inputs: asked_job.
select
    count(*) filter (where isImplausible) as implausible,
    count(*) filter (where not isImplausible and not isKnown) as withoutInbound
from asked_job
