-- Grain: one inbound whose delay could have mattered: a window with room was in force when it
-- came, and no other inbound of its thread followed before the window's lower end.
-- Inputs: next_inbound, message_window, known_lead.
-- Params: $since (included), $until (excluded), $clients; null: all.
-- Decision: nothing that comes later decides, but for the inbound that the app would have dropped
-- the job for. Answered or not, anchor or not, any channel: selecting on that biases everything.
-- Leads are compared within a campaign, without one within a client, and within one window.
select
    next_inbound.messageNumber,
    next_inbound.messageId,
    next_inbound.leadNumber,
    next_inbound.channelNumber,
    next_inbound.sentAt,
    message_window.minSeconds,
    message_window.maxSeconds,
    message_window.chosenSeconds,
    known_lead.emailCampaignId,
    case when known_lead.emailCampaignId is null then known_lead.clientId end as clientId
from next_inbound
join message_window on message_window.messageNumber = next_inbound.messageNumber
join known_lead on known_lead.leadNumber = next_inbound.leadNumber
where
    message_window.maxSeconds > message_window.minSeconds
    and (
        next_inbound.nextInboundAt is null
        or epoch_us(next_inbound.nextInboundAt) - epoch_us(next_inbound.sentAt)
        >= message_window.minSeconds * 1000000
    )
    and is_asked(next_inbound.sentAt, known_lead.clientId, null, $since, $until, $clients, null)
