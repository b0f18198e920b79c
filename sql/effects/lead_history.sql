-- Grain: one lead with an eligible inbound: what was written before its first, the answer to it,
-- and whether the lead wrote back.
-- Inputs: lead_pick, eligible_inbound, followed_message.
-- Params: $reply_days.
-- Decision: an answer counts in the inbound's own thread, and strictly later. What the lead writes
-- counts in any thread, once the delay and five minutes are over for every lead of the window: so
-- that it is no part of the same run, and no lead has more time than another.
with
    picked as (
        select
            eligible_inbound.leadNumber,
            eligible_inbound.channelNumber,
            epoch_us(eligible_inbound.sentAt) as pickedUs,
            (eligible_inbound.maxSeconds + 300) * 1000000 as delayedUs
        from lead_pick
        join eligible_inbound on eligible_inbound.messageNumber = lead_pick.messageNumber
    ),
    placed as (
        select
            picked.leadNumber,
            picked.delayedUs,
            epoch_us(followed_message.sentAt) - picked.pickedUs as afterUs,
            followed_message.isInbound,
            followed_message.isAnswer
            and followed_message.channelNumber = picked.channelNumber as isAnswer
        from picked
        join followed_message on followed_message.leadNumber = picked.leadNumber
    )
select
    leadNumber,
    count(*) filter (where afterUs < 0) as earlierMessages,
    min(afterUs) filter (where afterUs > 0 and isAnswer) as answeredUs,
    count(*) filter (
        where
            isInbound
            and afterUs > delayedUs
            and afterUs <= cast($reply_days as bigint) * 86400000000
    )
    > 0 as hasReplied
from placed
group by leadNumber
