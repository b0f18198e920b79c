-- Grain: one group of responses, with its response times at 0, 0.5, 1 … 100 per cent, in ms.
-- Inputs: grouped_response.
select
    firstKey,
    secondKey,
    quantile_cont(ms, list_transform(range(0, 201), lambda step:step / 200)) as timesMs
from grouped_response
group by firstKey, secondKey
order by firstKey nulls last, secondKey nulls last
