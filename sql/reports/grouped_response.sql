-- Grain: one response of a breakdown, by the keys of its group.
-- Inputs: response.
-- Params: $first, $second (names of dimensions, null: none), $all_responses (else the first ones),
-- $setters_only.
select
    dimension_key(
        $first, dimension_word($first, response), dimension_number($first, response)
    ) as firstKey,
    dimension_key(
        $second, dimension_word($second, response), dimension_number($second, response)
    ) as secondKey,
    leadId,
    ms
from response
where (isFirst or $all_responses) and (responder = 'setter' or not $setters_only)
