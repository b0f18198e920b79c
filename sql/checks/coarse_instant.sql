-- Grain: one row: how many inbound messages there are, and how many of them were sent at midnight,
-- on a whole minute and on a whole second.
-- Inputs: message.
-- Decision: inbounds alone tell. People write at any time, while programs may send on the minute.
select
    count(*) as inbounds,
    count(*) filter (epoch_us(sentAt) % 86400000000 = 0) as days,
    count(*) filter (epoch_us(sentAt) % 60000000 = 0) as minutes,
    count(*) filter (epoch_us(sentAt) % 1000000 = 0) as seconds
from message
where direction = 'inbound'
