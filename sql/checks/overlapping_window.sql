-- Grain: one violation: two rows of the delay history in force at once for the same key.
-- Inputs: delay_window.
-- Decision: periods in the order of their starts overlap somewhere only if two neighbours do.
with
    neighbour as (
        select
            row,
            key,
            effectiveFrom,
            lag(row) over period as previousRow,
            lag(effectiveTo) over period as previousTo
        from delay_window
        window
            period as (
                partition by isCampaign, key order by effectiveFrom nulls first, effectiveTo, row
            )
    )
select key, least(previousRow, row) as row, greatest(previousRow, row) as otherRow
from neighbour
where
    previousRow is not null
    and (previousTo is null or effectiveFrom is null or effectiveFrom < previousTo)
order by row, otherRow
