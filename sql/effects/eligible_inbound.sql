-- Grain: one inbound whose delay could have mattered: a window with room was in force when it
-- came, and no other inbound of its thread followed before the window's lower end.
-- Inputs: next_inbound, tied_inbound, message_window, followed_lead.
-- Params: $since (included), $until (excluded); null: all.
-- Decision: nothing that comes later decides, but for the inbound that the app would have dropped
-- the job for. Answered or not, anchor or not, any channel: selecting on that biases everything.
with
    placed as (
        select
            next_inbound.messageNumber,
            next_inbound.leadNumber,
            next_inbound.channelNumber,
            next_inbound.sentUs,
            case
                when tied_inbound.messageNumber is not null
                then tied_inbound.nextInboundUs
                else next_inbound.nextInboundUs
            end as nextInboundUs
        from next_inbound
        left join tied_inbound on tied_inbound.messageNumber = next_inbound.messageNumber
    )
select
    placed.messageNumber,
    placed.leadNumber,
    placed.channelNumber,
    placed.sentUs,
    message_window.minSeconds,
    message_window.maxSeconds,
    message_window.chosenSeconds,
    followed_lead.peersNumber
from placed
join message_window on message_window.messageNumber = placed.messageNumber
join followed_lead on followed_lead.leadNumber = placed.leadNumber
where
    (
        placed.nextInboundUs is null
        or placed.nextInboundUs - placed.sentUs >= message_window.minSeconds * 1000000
    )
    and ($since is null or placed.sentUs >= epoch_us(cast($since as timestamp)))
    and ($until is null or placed.sentUs < epoch_us(cast($until as timestamp)))
