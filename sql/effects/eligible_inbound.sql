-- Grain: one inbound whose delay could have mattered: a window with room was in force when it
-- came, and no other inbound of its thread followed before the window's lower end.
-- Inputs: next_inbound, message_window, followed_lead.
-- Params: $since (included), $until (excluded); null: all.
-- Decision: nothing that comes later decides, but for the inbound that the app would have dropped
-- the job for. Answered or not, anchor or not, any channel: selecting on that biases everything.
select
    next_inbound.messageNumber,
    next_inbound.leadNumber,
    next_inbound.channelNumber,
    next_inbound.sentUs,
    message_window.minSeconds,
    message_window.maxSeconds,
    message_window.chosenSeconds,
    followed_lead.peersNumber
from next_inbound
join message_window on message_window.messageNumber = next_inbound.messageNumber
join followed_lead on followed_lead.leadNumber = next_inbound.leadNumber
where
    message_window.maxSeconds > message_window.minSeconds
    and (
        next_inbound.nextInboundUs is null
        or next_inbound.nextInboundUs - next_inbound.sentUs >= message_window.minSeconds * 1000000
    )
    and ($since is null or next_inbound.sentUs >= epoch_us(cast($since as timestamp)))
    and ($until is null or next_inbound.sentUs < epoch_us(cast($until as timestamp)))
