-- Grain: one row: the response times of the setter, the AI and whoever was first, in ms.
-- Inputs: reported_event.
-- Decision: percentiles interpolate linearly between neighbours; see docs/report.md.
select
    {
        'n':count(setterMs),
        'meanMs':sum(setterMs) / count(setterMs),
        'quantilesMs':quantile_cont(setterMs, [0.5, 0.9, 0.95, 0.99])
    } as setter,
    {
        'n':count(aiMs),
        'meanMs':sum(aiMs) / count(aiMs),
        'quantilesMs':quantile_cont(aiMs, [0.5, 0.9, 0.95, 0.99])
    } as ai,
    {
        'n':count(firstMs),
        'meanMs':sum(firstMs) / count(firstMs),
        'quantilesMs':quantile_cont(firstMs, [0.5, 0.9, 0.95, 0.99])
    } as first
from reported_event
