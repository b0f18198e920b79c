-- Grain: one group of responses and one limit in ms (threshold): how far leads differ in the share
-- of their responses within it, as sums of squares over leads.
-- Inputs: grouped_response, threshold.
-- Decision: responses of one lead are alike, so the lead is what is drawn. With x of a lead's m
-- responses within the limit, the variance of the share needs the sums of xx, xm and mm.
with
    per_lead as (
        select
            threshold.firstKey,
            threshold.secondKey,
            threshold.name,
            count(*) as responses,
            count(*) filter (where grouped_response.ms <= threshold.ms) as hits
        from grouped_response
        join
            threshold
            on threshold.firstKey is not distinct from grouped_response.firstKey
            and threshold.secondKey is not distinct from grouped_response.secondKey
        group by threshold.firstKey, threshold.secondKey, threshold.name, grouped_response.leadId
    )
select
    firstKey,
    secondKey,
    name,
    count(*) as leads,
    cast(sum(responses) as bigint) as n,
    cast(sum(hits) as bigint) as hits,
    cast(sum(hits * hits) as bigint) as hitsSquared,
    cast(sum(hits * responses) as bigint) as hitsByResponses,
    cast(sum(responses * responses) as bigint) as responsesSquared
from per_lead
group by firstKey, secondKey, name
order by firstKey nulls last, secondKey nulls last, name
