-- Grain: one lead with an eligible inbound, by its first: the delay, what became of the lead, and
-- why it is left out, if it is.
-- Inputs: lead_pick, stratum, lead_history, followed_lead, known_channel.
-- Params: $channels (null: all), $as_of, $outcome (booked or replied), $follow_days.
-- Decision: the clock starts at the inbound, never at the response. Who booked too recently is left
-- out as who did not: else the latest leads would all have booked. Cancelled is not booked; booked
-- at an unknown time is booked, because that time does not depend on the delay.
with
    judged as (
        select
            followed_lead.leadPlace,
            lead_pick.channelNumber,
            lead_pick.sentUs,
            lead_pick.minSeconds,
            lead_pick.maxSeconds,
            lead_pick.chosenSeconds,
            stratum.stratumNumber,
            lead_history.earlierMessages,
            lead_history.answeredUs,
            lead_history.hasReplied,
            not followed_lead.isCanceled as isKept,
            followed_lead.bookedUs - lead_pick.sentUs as bookedUs,
            followed_lead.hasAppointment,
            case
                when followed_lead.bookedUs <= lead_pick.sentUs
                then 'bookedBefore'
                when
                    lead_pick.sentUs + cast($follow_days as bigint) * 86400000000
                    > epoch_us(cast($as_of as timestamp))
                then 'tooRecent'
                when stratum.isUnproven
                then 'unproven'
                else 'left'
            end as reason
        from lead_pick
        join
            stratum
            on stratum.peersNumber = lead_pick.peersNumber
            and stratum.minSeconds = lead_pick.minSeconds
            and stratum.maxSeconds = lead_pick.maxSeconds
        join lead_history on lead_history.leadNumber = lead_pick.leadNumber
        join followed_lead on followed_lead.leadNumber = lead_pick.leadNumber
        join known_channel on known_channel.channelNumber = lead_pick.channelNumber
        where
            $channels is null or list_contains(cast($channels as varchar[]), known_channel.channel)
    ),
    left_in as (
        select stratumNumber, count(*) as leads
        from judged
        where reason = 'left'
        group by stratumNumber
    )
select
    judged.leadPlace,
    judged.channelNumber,
    judged.sentUs,
    judged.minSeconds,
    judged.maxSeconds,
    judged.chosenSeconds,
    judged.stratumNumber,
    least(judged.earlierMessages, 20) as earlierMessages,
    least(
        coalesce(divide(judged.answeredUs, 1000), (judged.maxSeconds + 300) * 1000),
        (judged.maxSeconds + 300) * 1000
    ) as waitedMs,
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
