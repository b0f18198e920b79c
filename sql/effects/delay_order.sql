-- Grain: one eligible inbound: its delay, above the lower end of the window, in the order in which
-- the inbounds of a window came.
-- Inputs: eligible_inbound, message.
-- Decision: of one instant the lesser id is first. Windows of fewer than ten delays have no tenths
-- to look at.
select
    eligible_inbound.minSeconds,
    eligible_inbound.maxSeconds - eligible_inbound.minSeconds + 1 as delays,
    eligible_inbound.chosenSeconds - eligible_inbound.minSeconds as surplus
from eligible_inbound
join message on message.rowNumber = eligible_inbound.messageNumber
where eligible_inbound.maxSeconds - eligible_inbound.minSeconds >= 9
order by
    eligible_inbound.minSeconds, eligible_inbound.maxSeconds, eligible_inbound.sentUs, message.id
