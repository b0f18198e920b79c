-- Grain: one anchor that neither a setter with a user id nor the event's draft answered, and that
-- passes the filters.
-- Inputs: import_event, anchor_context.
-- Params: $as_of, $since, $until, $clients, $channels, $campaigns (null: all).
-- Decision: what came after the as-of is of no age.
select
    import_event.inboundMessageId as messageId,
    import_event.leadId,
    import_event.clientId,
    import_event.channel,
    anchor_context.emailCampaignId,
    import_event.inboundSentAt as sinceAt,
    cast($as_of as timestamp) as untilAt,
    greatest(elapsed_ms(import_event.inboundSentAt, cast($as_of as timestamp)), 0) as waitMs,
    0 as severity,
    cast(null as varchar) as endedBy,
    anchor_context.firstOutboundBy,
    cast(null as varchar) as jobId,
    cast(null as varchar) as outcome,
    cast(null as varchar) as schedule,
    cast(null as timestamp) as runAt
from import_event
join anchor_context on anchor_context.inboundMessageId = import_event.inboundMessageId
where
    import_event.setterResponseSentAt is null
    and import_event.aiResponseSentAt is null
    and is_asked(
        import_event.inboundSentAt,
        import_event.clientId,
        import_event.channel,
        $since,
        $until,
        $clients,
        $channels
    )
    and (
        $campaigns is null
        or list_contains(cast($campaigns as varchar[]), anchor_context.emailCampaignId)
    )
