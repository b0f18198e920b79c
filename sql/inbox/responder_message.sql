-- Grain: one outbound message by a setter, known or not, or by the AI, in its thread, with the
-- message that counts as the answer of its instant.
-- Inputs: thread_message, message.
-- Decision: of several at one instant a setter's is the answer; then thread order.
with
    spoken as (
        select
            thread_message.leadNumber,
            thread_message.channelNumber,
            thread_message.messageNumber,
            thread_message.place,
            message.sentAt,
            message.sentBy
        from thread_message
        join message on message.rowNumber = thread_message.messageNumber
        where not thread_message.isInbound and message.sentBy in ('setter', 'ai')
    )
select
    leadNumber,
    channelNumber,
    place,
    first_value(messageNumber) over (
        partition by leadNumber, channelNumber, sentAt order by sentBy = 'setter' desc, place
    ) as answerNumber
from spoken
