-- Grain: one channel of messages, with a small number that stands for it where many rows are
-- sorted.
-- Inputs: message.
select channel, cast(dense_rank() over (order by channel) as integer) as channelNumber
from (select distinct channel from message) as used
