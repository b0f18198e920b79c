-- Grain: one verdict on leads with an inbound asked for, and how many have it.
-- Inputs: delay_lead, lead_pick, followed_message, known_channel.
-- Params: $since (included), $until (excluded), $channels; null: all.
with
    unpicked as (
        select followed_message.leadNumber
        from followed_message
        join known_channel on known_channel.channelNumber = followed_message.channelNumber
        where
            followed_message.isInbound
            and ($since is null or followed_message.sentUs >= epoch_us(cast($since as timestamp)))
            and ($until is null or followed_message.sentUs < epoch_us(cast($until as timestamp)))
            and (
                $channels is null
                or list_contains(cast($channels as varchar[]), known_channel.channel)
            )
            and followed_message.leadNumber not in (select leadNumber from lead_pick)
    )
select verdict, count(*) as leads
from delay_lead
group by verdict
union all
select 'noWindow' as verdict, count(distinct leadNumber) as leads
from unpicked
