-- Grain: one lead: its place by id, in which order sums are taken, the number of its campaign, or
-- of its client without one, whether its client is asked for, and its booking.
-- Inputs: known_lead, lead_booking.
-- Params: $clients (null: all).
-- Decision: leads are compared within a campaign, without one within a client.
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
    peers as (
        select
            emailCampaignId,
            case when emailCampaignId is null then clientId end as clientId,
            row(emailCampaignId is null, coalesce(emailCampaignId, clientId)) as peersId
        from known_lead
        where clientId is not null
        group by emailCampaignId, case when emailCampaignId is null then clientId end, peersId
    ),
    numbered as (
        select
            emailCampaignId,
            clientId,
            cast(row_number() over (order by peersId) as integer) as peersNumber
        from peers
    )
select
    known_lead.leadNumber,
    cast(row_number() over (order by known_lead.leadId) as integer) as leadPlace,
    numbered.peersNumber,
    (
        $clients is null or list_contains(cast($clients as varchar[]), known_lead.clientId)
    ) as isAsked,
    booking.bookedUs,
    coalesce(booking.isCanceled, false) as isCanceled,
    coalesce(booking.hasAppointment, false) as hasAppointment
from known_lead
join
    numbered
    on numbered.emailCampaignId is not distinct from known_lead.emailCampaignId
    and numbered.clientId
    is not distinct from case when known_lead.emailCampaignId is null then known_lead.clientId end
left join booking on booking.id = known_lead.leadId
where known_lead.clientId is not null
