-- Grain: one row. How many events were deleted because their message is no anchor any more.
-- Inputs: incoming_event, ResponseTimingEvent.
-- Params: $1, $2 the file's window, [since, until).
-- Decision: only threads that the file has events of; the file knows nothing of others.
with
    thread as (select distinct "leadId", "channel" from incoming_event),
    pruned as (
        delete from "ResponseTimingEvent" as kept
        using thread
        where
            kept."leadId" = thread."leadId"
            and kept."channel" = thread."channel"
            and kept."inboundSentAt" >= $1::timestamp
            and kept."inboundSentAt" < $2::timestamp
            and not exists (
                select
                from incoming_event
                where incoming_event."inboundMessageId" = kept."inboundMessageId"
            )
        returning kept."inboundMessageId"
    )
select count(*) as pruned
from pruned
