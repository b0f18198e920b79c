-- Grain: one wait: the one that the inbound message that is asked about belongs to.
-- Inputs: thread_message, waiting_run, message, wait.
-- Params: $message_number.
with
    asked as (
        select leadNumber, channelNumber, place
        from thread_message
        where messageNumber = $message_number and isInbound
    ),
    run as (
        select waiting_run.startNumber
        from asked
        join
            waiting_run
            on waiting_run.leadNumber = asked.leadNumber
            and waiting_run.channelNumber = asked.channelNumber
        join thread_message as started on started.messageNumber = waiting_run.startNumber
        join thread_message as latest on latest.messageNumber = waiting_run.lastNumber
        where asked.place between started.place and latest.place
    )
select
    wait.startMessageId,
    wait.startSentAt,
    wait.inbounds,
    wait.lastInboundSentAt,
    wait.endMessageId,
    wait.endSentAt,
    wait.endedBy,
    wait.waitMs,
    wait.hasWindow
from run
join message on message.rowNumber = run.startNumber
join wait on wait.startMessageId = message.id
