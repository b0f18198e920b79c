-- Grain: one row: how many outbound messages there are, how many of them answer nothing because
-- they were sent at the instant of an inbound of their thread, and the first of those.
-- Inputs: message.
-- Decision: hashes find them. Two threads that share one by chance are counted; that is rare, and
-- only a note.
with
    tied as (
        select outbound.id
        from message as outbound
        semi join
            (
                select hash(leadId, channel, sentAt) as instantHash
                from message
                where direction = 'inbound'
            ) as inbound
            on inbound.instantHash = hash(outbound.leadId, outbound.channel, outbound.sentAt)
        where outbound.direction = 'outbound'
    )
select
    (select count(*) from message where direction = 'outbound') as outbounds,
    count(*) as ties,
    min(id) as example
from tied
