-- Grain: one length of waits, with its place among all, from 0.
-- Inputs: followed_wait.
select waitMs, cast(dense_rank() over (order by waitMs) - 1 as integer) as lengthPlace
from (select distinct waitMs from followed_wait) as known_length
order by lengthPlace
