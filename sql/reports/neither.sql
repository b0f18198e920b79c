-- Grain: one kind of sender of the first outbound after anchors that neither a setter with a user
-- id nor the event's draft answered.
-- Inputs: timed_event, anchor_context, open_stretch.
-- Decision: there is no responder, so the responder filter does not apply. The example is the first
-- in time, at one instant the lesser id.
with
    followed as (
        select
            anchor_context.firstOutboundBy,
            timed_event.inboundMessageId,
            timed_event.inboundSentAt,
            case
                when timed_event.inboundOpenUs is null
                then elapsed_ms(timed_event.inboundSentAt, anchor_context.firstOutboundSentAt)
                else
                    divide(
                        open_us(anchor_context.firstOutboundSentAt, open_stretch)
                        - timed_event.inboundOpenUs,
                        1000
                    )
            end as firstOutboundMs
        from timed_event
        join anchor_context on anchor_context.inboundMessageId = timed_event.inboundMessageId
        left join open_stretch on falls_in(anchor_context.firstOutboundSentAt, open_stretch)
        where timed_event.isOnChannel and timed_event.firstBy is null
    )
select
    firstOutboundBy,
    count(*) as n,
    quantile_cont(firstOutboundMs, [0.5]) as quantilesMs,
    arg_min(inboundMessageId, row(inboundSentAt, inboundMessageId)) as exampleInboundMessageId
from followed
group by firstOutboundBy
order by firstOutboundBy
