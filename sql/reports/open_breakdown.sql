-- Grain: one group of open waits by up to two dimensions; without one all of them are one group.
-- Inputs: open_wait.
-- Params: $first, $second (names of dimensions, null: none).
-- Decision: nobody has answered them, so they are in no group of a responder or a delay window.
select
    dimension_key(
        $first, dimension_word($first, open_wait), dimension_number($first, open_wait)
    ) as firstKey,
    dimension_key(
        $second, dimension_word($second, open_wait), dimension_number($second, open_wait)
    ) as secondKey,
    count(*) as open,
    max(waitMs) as longestOpenMs
from open_wait
group by firstKey, secondKey
order by firstKey nulls last, secondKey nulls last
