-- Grain: one row: how many response times of setters and of the AI lie up to each edge, over the
-- one before.
-- Inputs: reported_event.
-- Params: $edges (ms, rising).
-- Decision: for drawing the share that came within each edge; what is slower than all is in none.
with
    spread as (
        select
            histogram(setterMs, cast($edges as bigint[])) as setters,
            histogram(aiMs, cast($edges as bigint[])) as ai
        from reported_event
    )
select
    list_transform(cast($edges as bigint[]), lambda edge:coalesce(setters[edge], 0)) as setter,
    list_transform(cast($edges as bigint[]), lambda edge:coalesce(ai[edge], 0)) as ai
from spread
