-- Grain: one lead with an eligible inbound, by its first: the delay, what became of the lead, and
-- why it is left out, if it is.
-- Inputs: lead_pick, eligible_inbound, stratum, lead_history, placed_lead, known_lead,
-- known_channel,
-- lead_booking.
-- Params: $channels (null: all), $as_of, $zone, $outcome (booked or replied), $follow_days.
-- Decision: the clock starts at the inbound, never at the response. Who booked too recently is left
-- out as who did not: else the latest leads would all have booked. Cancelled is not booked; booked
-- at an unknown time is booked, because that time does not depend on the delay.
with
    booking as (
        select
            id,
            epoch_us(appointmentBookedAt) as bookedUs,
            appointmentCanceledAt is not null
            or coalesce(appointmentStatus = 'canceled', false) as isCanceled,
            ghlAppointmentId is not null
            or calendlyInviteeUri is not null
            or calendlyScheduledEventUri is not null as hasAppointment
        from lead_booking
    ),
    asked as (
        select
            placed_lead.leadPlace,
            known_lead.leadId,
            eligible_inbound.channelNumber,
            eligible_inbound.sentAt,
            epoch_us(eligible_inbound.sentAt) as pickedUs,
            eligible_inbound.minSeconds,
            eligible_inbound.maxSeconds,
            eligible_inbound.chosenSeconds,
            stratum.stratumNumber,
            stratum.isUnproven,
            lead_history.earlierMessages,
            lead_history.answeredUs,
            lead_history.hasReplied
        from lead_pick
        join eligible_inbound on eligible_inbound.messageNumber = lead_pick.messageNumber
        join
            stratum
            on stratum.emailCampaignId is not distinct from eligible_inbound.emailCampaignId
            and stratum.clientId is not distinct from eligible_inbound.clientId
            and stratum.minSeconds = eligible_inbound.minSeconds
            and stratum.maxSeconds = eligible_inbound.maxSeconds
        join lead_history on lead_history.leadNumber = lead_pick.leadNumber
        join placed_lead on placed_lead.leadNumber = lead_pick.leadNumber
        join known_lead on known_lead.leadNumber = lead_pick.leadNumber
        join known_channel on known_channel.channelNumber = eligible_inbound.channelNumber
        where
            $channels is null or list_contains(cast($channels as varchar[]), known_channel.channel)
    ),
    judged as (
        select
            asked.leadPlace,
            asked.channelNumber,
            asked.sentAt,
            asked.pickedUs,
            asked.minSeconds,
            asked.maxSeconds,
            asked.chosenSeconds,
            asked.stratumNumber,
            asked.earlierMessages,
            asked.answeredUs,
            asked.hasReplied,
            coalesce(not booking.isCanceled, true) as isKept,
            booking.bookedUs - asked.pickedUs as bookedUs,
            coalesce(booking.hasAppointment, false) as hasAppointment,
            case
                when booking.bookedUs <= asked.pickedUs
                then 'bookedBefore'
                when
                    asked.pickedUs + cast($follow_days as bigint) * 86400000000
                    > epoch_us(cast($as_of as timestamp))
                then 'tooRecent'
                when asked.isUnproven
                then 'unproven'
                else 'left'
            end as reason
        from asked
        left join booking on booking.id = asked.leadId
    ),
    left_in as (
        select stratumNumber, count(*) as leads
        from judged
        where reason = 'left'
        group by stratumNumber
    )
select
    judged.leadPlace,
    cast(judged.channelNumber as integer) as channelNumber,
    judged.pickedUs,
    judged.minSeconds,
    judged.maxSeconds,
    judged.chosenSeconds,
    cast(judged.stratumNumber as bigint) as stratumNumber,
    least(judged.earlierMessages, 20) as earlierMessages,
    least(
        divide(coalesce(judged.answeredUs, 9000000000000000), 1000),
        (judged.maxSeconds + 300) * 1000
    ) as waitedMs,
    cast(divide(hour(timezone($zone, timezone('UTC', judged.sentAt))), 6) as integer) as quarter,
    cast(isodow(timezone($zone, timezone('UTC', judged.sentAt))) as integer) as weekday,
    $outcome = 'booked'
    and judged.isKept
    and judged.bookedUs is null
    and judged.hasAppointment as isUntimed,
    case
        when $outcome = 'replied'
        then judged.hasReplied
        when not judged.isKept
        then false
        when judged.bookedUs is null
        then judged.hasAppointment
        else judged.bookedUs <= cast($follow_days as bigint) * 86400000000
    end as hasHappened,
    case
        when judged.reason <> 'left'
        then judged.reason
        when left_in.leads = 1
        then 'alone'
        else 'analysed'
    end as verdict
from judged
left join left_in on left_in.stratumNumber = judged.stratumNumber
