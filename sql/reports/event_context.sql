-- Grain: one event with what responses are told apart by beside its own columns.
-- Inputs: import_event, anchor_context.
-- Params: $context_wanted (else there is nothing), $as_of.
-- Decision: the campaign is the lead's campaign today. A lead has written back where the thread has
-- an inbound within 7 days of the turn's first message; null while it may still, for what was
-- answered lately would seem to fail.
select
    import_event.rowid as eventNumber,
    import_event.channel,
    import_event.setterSentByUserId,
    anchor_context.emailCampaignId,
    case
        when anchor_context.firstOutboundSentAt + interval 7 day <= cast($as_of as timestamp)
        then
            coalesce(
                anchor_context.nextInboundSentAt
                <= anchor_context.firstOutboundSentAt + interval 7 day,
                false
            )
    end as hasWrittenBack
from import_event
left join anchor_context on anchor_context.inboundMessageId = import_event.inboundMessageId
where $context_wanted and import_event.problem is null
