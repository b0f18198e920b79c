-- Grain: one row: outbound messages, and those at the instant of an inbound of their thread, as in
-- sql/checks.
-- Inputs: message.
-- Decision: by the columns, not by hashes: engines have another hash than DuckDB.
with
    tied as (
        select outbound.id
        from message as outbound
        semi join
            message as inbound
            on inbound.leadId = outbound.leadId
            and inbound.channel = outbound.channel
            and inbound.sentAt = outbound.sentAt
            and inbound.direction = 'inbound'
        where outbound.direction = 'outbound'
    )
select
    (select count(*) from message where direction = 'outbound') as outbounds,
    count(*) as ties,
    min(id) as example
from tied
