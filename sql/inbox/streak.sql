-- Grain: one streak: the inbounds of a thread that nothing outbound stands between. Its first and
-- last, how many there are, and the first of the thread's next streak.
-- Inputs: thread_message.
-- Decision: consecutive places less their rank among the inbounds are one number a streak.
with
    numbered as (
        select
            leadNumber,
            channelNumber,
            messageNumber,
            place,
            place
            - row_number() over (partition by leadNumber, channelNumber order by place) as outbounds
        from thread_message
        where isInbound
    ),
    streaked as (
        select
            leadNumber,
            channelNumber,
            min(place) as startPlace,
            min_by(messageNumber, place) as startNumber,
            max_by(messageNumber, place) as endNumber,
            count(*) as inbounds
        from numbered
        group by leadNumber, channelNumber, outbounds
    )
select
    startNumber,
    endNumber,
    inbounds,
    lead(startNumber) over (
        partition by leadNumber, channelNumber order by startPlace
    ) as nextNumber
from streaked
