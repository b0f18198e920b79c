-- Grain: one message of a lead, of any of its threads: when it was sent, and whether by the lead,
-- by a setter, or by whom else.
-- Inputs: thread_message, message.
select
    thread_message.leadNumber,
    thread_message.channelNumber,
    message.sentAt,
    case
        when thread_message.isInbound
        then 'inbound'
        when message.sentBy = 'setter'
        then 'setter'
        else 'other'
    end as saidBy
from thread_message
join message on message.rowNumber = thread_message.messageNumber
