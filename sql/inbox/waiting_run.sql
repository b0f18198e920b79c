-- Grain: one run of inbounds that waits for an answer: how many there are, its first and last, and
-- the number of the responder's message that ends it.
-- Inputs: thread_message, responder_message.
-- Decision: other outbound messages, of a campaign or a system, end no wait.
with
    placed as (
        select leadNumber, channelNumber, place, messageNumber, true as isInbound
        from thread_message
        where isInbound
        union all
        select leadNumber, channelNumber, place, null, false
        from responder_message
    ),
    numbered as (
        select
            leadNumber,
            channelNumber,
            place,
            messageNumber,
            isInbound,
            count_if(not isInbound) over (
                partition by leadNumber, channelNumber
                order by place
                rows between unbounded preceding and current row
            ) as respondersBefore
        from placed
    )
select
    leadNumber,
    channelNumber,
    respondersBefore + 1 as responderNumber,
    count(*) as inbounds,
    min_by(messageNumber, place) as startNumber,
    max_by(messageNumber, place) as lastNumber
from numbered
where isInbound
group by leadNumber, channelNumber, respondersBefore
