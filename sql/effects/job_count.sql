-- Grain: one row: how many inbounds are eligible, have a job, and have one that was due as chosen.
-- Inputs: stratum.
select
    cast(coalesce(sum(inbounds), 0) as bigint) as inbounds,
    cast(coalesce(sum(withJob), 0) as bigint) as withJob,
    cast(coalesce(sum(match), 0) as bigint) as match
from stratum
