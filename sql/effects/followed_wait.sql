-- Grain: one wait that is asked for, up to the as-of: whose it is, how long it took, and what ended
-- it (0: nothing yet, 1: the AI, 2: a setter).
-- Inputs: wait, known_lead, known_channel, followed_lead.
-- Params: $as_of, $since (included), $until (excluded), $clients, $channels; null: all.
-- Decision: what happened after the as-of is not looked at: a wait that ended later is open.
select
    followed_lead.leadPlace,
    known_channel.channelNumber,
    cast(known_lead.clientNumber as integer) as clientNumber,
    wait.hasWindow,
    coalesce(wait.endSentAt <= cast($as_of as timestamp), false) as isAnswered,
    cast(
        case when not isAnswered then 0 when wait.endedBy = 'ai' then 1 else 2 end as tinyint
    ) as cause,
    elapsed_ms(
        wait.startSentAt,
        case when isAnswered then wait.endSentAt else cast($as_of as timestamp) end
    ) as waitMs
from wait
join known_lead on known_lead.leadId = wait.leadId
join known_channel on known_channel.channel = wait.channel
join followed_lead on followed_lead.leadNumber = known_lead.leadNumber
where
    wait.startSentAt <= cast($as_of as timestamp)
    and is_asked(wait.startSentAt, wait.clientId, wait.channel, $since, $until, $clients, $channels)
