-- Grain: one event asked for that was responded to by the as-of: whose it is, when the inbound came
-- and when the first response was sent.
-- Inputs: import_event, known_lead, followed_lead.
-- Params: $as_of, $since (included), $until (excluded), $channels; null: all.
-- Decision: what was sent after the as-of is not looked at.
select
    import_event.rowid as eventNumber,
    known_lead.leadNumber,
    import_event.inboundSentAt,
    least(
        case
            when import_event.setterResponseSentAt <= cast($as_of as timestamp)
            then import_event.setterResponseSentAt
        end,
        case
            when import_event.aiResponseSentAt <= cast($as_of as timestamp)
            then import_event.aiResponseSentAt
        end
    ) as firstSentAt,
    is_asked(
        import_event.inboundSentAt, null, import_event.channel, null, null, null, $channels
    ) as isOnChannel
from import_event
join known_lead on known_lead.leadId = import_event.leadId
join followed_lead on followed_lead.leadNumber = known_lead.leadNumber
where
    followed_lead.isAsked
    and firstSentAt is not null
    and is_asked(import_event.inboundSentAt, null, null, $since, $until, null, null)
