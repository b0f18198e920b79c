-- Grain: one lead that had a response and was not booked by then, with its booking outcome.
-- Inputs: lead_response, lead_booking.
-- Params: $outcome_end (the window's end), $attribution_days, $maturity_days,
-- $canceled_count (a booking that was cancelled is one).
-- Decision: a lead that the lead data do not know has no outcome, rather than notBooked. A lead
-- that booked before it was mature is bookedPending: it is booked, and in no rate.
with
    booking as (
        select
            lead_response.eventNumber,
            lead_response.firstSentAt,
            lead_booking.id is not null as isKnown,
            lead_booking.appointmentBookedAt as bookedAt,
            not $canceled_count
            and (
                lead_booking.appointmentCanceledAt is not null
                or coalesce(lead_booking.appointmentStatus = 'canceled', false)
            ) as isCanceled,
            lead_booking.ghlAppointmentId is not null
            or lead_booking.calendlyInviteeUri is not null
            or lead_booking.calendlyScheduledEventUri is not null as hasAppointment,
            lead_response.firstSentAt + to_days(cast($attribution_days as integer)) as lastDay,
            cast($outcome_end as timestamp) as endsAt,
            cast($outcome_end as timestamp)
            - to_days(cast($maturity_days as integer)) as matureBefore
        from lead_response
        left join lead_booking on lead_booking.id = lead_response.leadId
        where
            lead_booking.appointmentBookedAt is null
            or lead_booking.appointmentBookedAt > lead_response.firstSentAt
    )
select
    eventNumber,
    isKnown,
    case
        when not isCanceled and bookedAt <= least(endsAt, lastDay)
        then elapsed_ms(firstSentAt, bookedAt)
    end as bookedAfterMs,
    case
        when not isKnown
        then null
        when not isCanceled and bookedAt <= least(endsAt, lastDay)
        then case when firstSentAt >= matureBefore then 'bookedPending' else 'booked' end
        when not isCanceled and bookedAt is null and hasAppointment
        then 'bookedNoTimestamp'
        when firstSentAt >= matureBefore
        then 'pending'
        else 'notBooked'
    end as outcome
from booking
