-- Grain: one row: the response times of the setter, the AI and whoever was first, in ms.
-- Inputs: reported_event.
-- Decision: percentiles interpolate linearly between neighbours; see docs/report.md.
select
    count(setterMs) as setterN,
    sum(setterMs) / count(setterMs) as setterMeanMs,
    quantile_cont(setterMs, [0.5, 0.9, 0.95, 0.99]) as setterQuantilesMs,
    count(aiMs) as aiN,
    sum(aiMs) / count(aiMs) as aiMeanMs,
    quantile_cont(aiMs, [0.5, 0.9, 0.95, 0.99]) as aiQuantilesMs,
    count(firstMs) as firstN,
    sum(firstMs) / count(firstMs) as firstMeanMs,
    quantile_cont(firstMs, [0.5, 0.9, 0.95, 0.99]) as firstQuantilesMs
from reported_event
