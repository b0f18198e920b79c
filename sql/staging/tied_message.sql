-- Grain: one message that only its id tells from another in the order of its thread, with its
-- place among those by id. Numbers are far cheaper to sort by, and most messages need none.
-- Inputs: order_hash.
-- Params: $has_ties (whether any hash stands twice: otherwise there are none to look for).
-- Decision: messages may share a hash by chance; then their places decide nothing.
select
    rowNumber, cast(row_number() over (partition by orderHash order by id) as integer) as tieNumber
from order_hash
where
    $has_ties
    and orderHash in (select orderHash from order_hash group by orderHash having count(*) > 1)
