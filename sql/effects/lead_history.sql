-- Grain: one lead with an eligible inbound: what was written before its first, the answer to it,
-- and whether the lead wrote back.
-- Inputs: lead_pick, followed_message.
-- Params: $reply_days.
-- Decision: an answer counts in the inbound's own thread, and strictly later. What the lead writes
-- counts in any thread, once the delay and five minutes are over for every lead of the window: so
-- that it is no part of the same run, and no lead has more time than another.
with
    placed as (
        select
            lead_pick.leadNumber,
            (lead_pick.maxSeconds + 300) * 1000000 as delayedUs,
            followed_message.sentUs - lead_pick.sentUs as afterUs,
            followed_message.isInbound,
            followed_message.isAnswer
            and followed_message.channelNumber = lead_pick.channelNumber as isAnswer
        from lead_pick
        join followed_message on followed_message.leadNumber = lead_pick.leadNumber
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
