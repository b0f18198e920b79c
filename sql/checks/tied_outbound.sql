-- Grain: one row: how many outbound messages there are, how many of them answer nothing because
-- they
-- were sent at the instant of an inbound of their thread, and the first of those.
-- Inputs: message.
-- Decision: hashes find them. Two threads that share one by chance are counted; that is rare, and
-- only a note.
with
    outbound as (
        select
            id,
            hash(leadId, channel, sentAt) in (
                select hash(leadId, channel, sentAt) from message where direction = 'inbound'
            ) as isTied
        from message
        where direction = 'outbound'
    )
select count(*) as outbounds, count(*) filter (isTied) as ties, min(id) filter (isTied) as example
from outbound
