-- Grain: one event with what responses are told apart by beside its own columns.
-- Inputs: import_event, anchor_context.
-- Params: $context_wanted (else there is nothing).
-- Decision: the campaign is the lead's campaign today. A lead has written back where the thread has
-- an inbound after the turn.
select
    import_event.rowid as eventNumber,
    import_event.channel,
    import_event.setterSentByUserId,
    anchor_context.emailCampaignId,
    anchor_context.nextInboundMessageId is not null as hasWrittenBack
from import_event
left join anchor_context on anchor_context.inboundMessageId = import_event.inboundMessageId
where $context_wanted and import_event.problem is null
