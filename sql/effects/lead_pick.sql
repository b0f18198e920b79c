-- Grain: one lead that has an eligible inbound: the first of them, by which the lead counts.
-- Inputs: eligible_inbound, message.
-- Decision: of those at one instant the one with the lesser id, whatever their channels.
with
    earliest as (
        select leadNumber, min(sentUs) as sentUs from eligible_inbound group by leadNumber
    ),
    first_inbound as (
        select
            eligible_inbound.leadNumber,
            min(eligible_inbound.messageNumber) as messageNumber,
            count(*) as inbounds
        from earliest
        join
            eligible_inbound
            on eligible_inbound.leadNumber = earliest.leadNumber
            and eligible_inbound.sentUs = earliest.sentUs
        group by eligible_inbound.leadNumber
    ),
    tied as (
        select
            eligible_inbound.leadNumber,
            arg_min(eligible_inbound.messageNumber, message.id) as messageNumber
        from first_inbound
        join earliest on earliest.leadNumber = first_inbound.leadNumber
        join
            eligible_inbound
            on eligible_inbound.leadNumber = earliest.leadNumber
            and eligible_inbound.sentUs = earliest.sentUs
        join message on message.rowNumber = eligible_inbound.messageNumber
        where first_inbound.inbounds > 1
        group by eligible_inbound.leadNumber
    ),
    pick as (
        select coalesce(tied.messageNumber, first_inbound.messageNumber) as messageNumber
        from first_inbound
        left join tied on tied.leadNumber = first_inbound.leadNumber
    )
select
    eligible_inbound.leadNumber,
    eligible_inbound.channelNumber,
    eligible_inbound.sentUs,
    eligible_inbound.minSeconds,
    eligible_inbound.maxSeconds,
    eligible_inbound.chosenSeconds,
    eligible_inbound.peersNumber
from pick
join eligible_inbound on eligible_inbound.messageNumber = pick.messageNumber
