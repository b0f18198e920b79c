-- Grain: one streak that an anchor ends: where it starts, and what the lead wrote next.
-- Inputs: anchor, streak, message.
select
    anchor.anchorNumber,
    started.id as streakStartMessageId,
    started.sentAt as streakStartSentAt,
    streak.inbounds as streakInbounds,
    following.id as nextInboundMessageId,
    following.sentAt as nextInboundSentAt
from anchor
join streak on streak.endNumber = anchor.anchorNumber
join message as started on started.rowNumber = streak.startNumber
left join message as following on following.rowNumber = streak.nextNumber
