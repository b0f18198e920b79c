-- Grain: one job whose inbound message is known: when next the lead heard from a setter or wrote
-- again, in any thread, and when next anything was sent in its own thread.
-- Inputs: scheduled_job, lead_moment.
-- Decision: by instants alone: what was said at the instant of the inbound message is no news.
with
    asked as (
        select jobNumber, leadNumber, channelNumber, inboundSentAt
        from scheduled_job
        where messageNumber is not null and leadNumber is not null
    ),
    setter as (select leadNumber, sentAt from lead_moment where saidBy = 'setter'),
    inbound as (select leadNumber, sentAt from lead_moment where saidBy = 'inbound'),
    outbound as (
        select leadNumber, channelNumber, sentAt from lead_moment where saidBy <> 'inbound'
    )
select
    asked.jobNumber,
    setter.sentAt as setterAt,
    inbound.sentAt as inboundAt,
    outbound.sentAt as outboundAt
from asked
asof left join
    setter on setter.leadNumber = asked.leadNumber and setter.sentAt > asked.inboundSentAt
asof left join
    inbound on inbound.leadNumber = asked.leadNumber and inbound.sentAt > asked.inboundSentAt
asof left join
    outbound
    on outbound.leadNumber = asked.leadNumber
    and outbound.channelNumber = asked.channelNumber
    and outbound.sentAt > asked.inboundSentAt
