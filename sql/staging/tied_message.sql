-- Grain: one message that only its id tells from another in the order of its thread, with a
-- number that has the order of the ids. Few are tied, and numbers are far cheaper to sort by.
-- Inputs: order_hash.
-- Params: $has_ties (whether any hash stands twice: otherwise there are none to look for).
-- Decision: messages may share a hash by chance; then their numbers decide nothing.
select rowNumber, cast(row_number() over (order by id) as integer) as tieNumber
from order_hash
where
    $has_ties
    and orderHash in (select orderHash from order_hash group by orderHash having count(*) > 1)
