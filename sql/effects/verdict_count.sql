-- Grain: one verdict on leads with an inbound asked for, and how many have it.
-- Inputs: delay_lead, lead_pick, next_inbound, known_lead, known_channel.
-- Params: $since (included), $until (excluded), $clients, $channels; null: all.
with
    asked as (
        select distinct next_inbound.leadNumber
        from next_inbound
        join known_lead on known_lead.leadNumber = next_inbound.leadNumber
        join known_channel on known_channel.channelNumber = next_inbound.channelNumber
        where
            is_asked(
                next_inbound.sentAt,
                known_lead.clientId,
                known_channel.channel,
                $since,
                $until,
                $clients,
                $channels
            )
    )
select verdict, count(*) as leads
from delay_lead
group by verdict
union all
select 'noWindow' as verdict, count(*) as leads
from asked
where leadNumber not in (select leadNumber from lead_pick)
