-- Grain: one lead with a response: how fast that came, and what is known of the lead since then.
-- Inputs: first_response, lead_booking, anchor_context.
-- Params: $as_of, $outcome (booked or replied).
-- Decision: a lead is followed up to the as-of. What happened before the response, or at an unknown
-- time, is told apart. A cancelled booking is none; without it the lead is followed to the as-of.
with
    booking as (
        select
            id,
            appointmentBookedAt as bookedAt,
            appointmentCanceledAt is not null
            or coalesce(appointmentStatus = 'canceled', false) as isCanceled,
            ghlAppointmentId is not null
            or calendlyInviteeUri is not null
            or calendlyScheduledEventUri is not null as hasAppointment
        from lead_booking
        where $outcome = 'booked'
    ),
    known as (
        select
            elapsed_ms(first_response.inboundSentAt, first_response.firstSentAt) as firstMs,
            epoch_us(first_response.firstSentAt) as firstUs,
            epoch_us(cast($as_of as timestamp)) as asOfUs,
            case
                when $outcome = 'replied'
                then epoch_us(anchor_context.nextInboundSentAt)
                when not booking.isCanceled
                then epoch_us(booking.bookedAt)
            end as happenedUs,
            coalesce(booking.bookedAt <= first_response.firstSentAt, false) as isBefore,
            coalesce(
                not booking.isCanceled and booking.bookedAt is null and booking.hasAppointment,
                false
            ) as isUntimed
        from first_response
        left join booking on booking.id = first_response.leadId
        left join
            anchor_context
            on $outcome = 'replied'
            and anchor_context.inboundMessageId = first_response.inboundMessageId
        where first_response.isOnChannel
    )
select
    firstMs,
    isBefore,
    isUntimed,
    coalesce(happenedUs <= asOfUs, false) as hasHappened,
    case when happenedUs <= asOfUs then happenedUs else asOfUs end - firstUs as followedUs
from known
