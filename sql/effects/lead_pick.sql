-- Grain: one lead that has an eligible inbound: the first of them, by which the lead counts.
-- Inputs: eligible_inbound.
-- Decision: of those at one instant the one with the lesser id, whatever their channels.
with
    earliest as (select leadNumber, min(sentAt) as sentAt from eligible_inbound group by leadNumber)
select
    eligible_inbound.leadNumber,
    arg_min(eligible_inbound.messageNumber, eligible_inbound.messageId) as messageNumber
from eligible_inbound
join
    earliest
    on earliest.leadNumber = eligible_inbound.leadNumber
    and earliest.sentAt = eligible_inbound.sentAt
group by eligible_inbound.leadNumber
