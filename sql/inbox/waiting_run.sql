-- Grain: one run of inbounds that waits for an answer: how many there are, its first and last, and
-- the message that answers, if any does.
-- Inputs: thread_message, responder_message.
-- Decision: other outbound messages, of a campaign or a system, end no wait.
with
    placed as (
        select leadNumber, channelNumber, place, messageNumber, null as answerNumber
        from thread_message
        where isInbound
        union all
        select leadNumber, channelNumber, place, null, answerNumber
        from responder_message
    ),
    numbered as (
        select
            leadNumber,
            channelNumber,
            place,
            messageNumber,
            count(answerNumber) over before as respondersBefore,
            first_value(answerNumber ignore nulls) over after as answerNumber
        from placed
        window
            before as (
                partition by leadNumber, channelNumber
                order by place
                rows between unbounded preceding and current row
            ),
            after as (
                partition by leadNumber, channelNumber
                order by place
                rows between current row and unbounded following
            )
    )
select
    leadNumber,
    channelNumber,
    count(*) as inbounds,
    min_by(messageNumber, place) as startNumber,
    max_by(messageNumber, place) as lastNumber,
    min(answerNumber) as answerNumber
from numbered
where messageNumber is not null
group by leadNumber, channelNumber, respondersBefore
