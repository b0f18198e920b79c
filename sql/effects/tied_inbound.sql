-- Grain: one inbound at the instant of another of its thread, with when the next of it came.
-- Inputs: next_inbound, message.
-- Decision: of inbounds of one instant the greater id is later, as in every thread. Few are tied,
-- and no other needs its id to be placed.
with
    instant as (
        select leadNumber, channelNumber, sentUs
        from next_inbound
        where nextInboundUs = sentUs
        group by leadNumber, channelNumber, sentUs
    ),
    member as (
        select
            next_inbound.messageNumber,
            next_inbound.sentUs,
            next_inbound.nextInboundUs,
            message.aiDraftPartIndex,
            message.id,
            row(next_inbound.leadNumber, next_inbound.channelNumber, next_inbound.sentUs) as tieId
        from instant
        join
            next_inbound
            on next_inbound.leadNumber = instant.leadNumber
            and next_inbound.channelNumber = instant.channelNumber
            and next_inbound.sentUs = instant.sentUs
        join message on message.rowNumber = next_inbound.messageNumber
    )
select
    messageNumber,
    coalesce(
        lead(sentUs) over (partition by tieId order by aiDraftPartIndex nulls first, id),
        max(nullif(nextInboundUs, sentUs)) over (partition by tieId)
    ) as nextInboundUs
from member
