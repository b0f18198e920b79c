-- Grain: one lead with a response: how fast that came, and what is known of the lead since then.
-- Inputs: first_response, followed_lead, next_reply.
-- Params: $as_of, $outcome (booked or replied).
-- Decision: a lead is followed up to the as-of. What happened before the response, or at an unknown
-- time, is told apart. A cancelled booking is none; without it the lead is followed to the as-of.
with
    known as (
        select
            elapsed_ms(first_response.inboundSentAt, first_response.firstSentAt) as firstMs,
            epoch_us(first_response.firstSentAt) as firstUs,
            epoch_us(cast($as_of as timestamp)) as asOfUs,
            $outcome = 'booked' as isOfBookings,
            case
                when not isOfBookings
                then epoch_us(next_reply.repliedAt)
                when not followed_lead.isCanceled
                then followed_lead.bookedUs
            end as happenedUs,
            isOfBookings
            and coalesce(
                followed_lead.bookedUs <= epoch_us(first_response.firstSentAt), false
            ) as isBefore,
            isOfBookings
            and not followed_lead.isCanceled
            and followed_lead.bookedUs is null
            and followed_lead.hasAppointment as isUntimed
        from first_response
        join followed_lead on followed_lead.leadNumber = first_response.leadNumber
        left join next_reply on next_reply.leadNumber = first_response.leadNumber
    )
select
    firstMs,
    isBefore,
    isUntimed,
    coalesce(happenedUs <= asOfUs, false) as hasHappened,
    case when happenedUs <= asOfUs then happenedUs else asOfUs end - firstUs as followedUs
from known
