-- Grain: one wait, with its length by its place: in the order in which waits are summed.
-- Inputs: followed_wait, wait_length.
select
    followed_wait.leadPlace,
    followed_wait.channelNumber,
    followed_wait.clientNumber,
    followed_wait.hasWindow,
    followed_wait.cause,
    wait_length.lengthPlace
from followed_wait
join wait_length on wait_length.waitMs = followed_wait.waitMs
order by
    followed_wait.leadPlace,
    wait_length.lengthPlace,
    followed_wait.cause,
    followed_wait.channelNumber,
    followed_wait.hasWindow
