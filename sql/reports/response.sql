-- Grain: one response to a reported event, the first (isFirst) or the other's after it.
-- Inputs: local_event, event_context, lead_outcome.
-- Decision: a lead's booking outcome stands at its earliest response, which is a first one.
with
    given as (
        select
            eventNumber,
            leadId,
            clientId,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            firstBy,
            firstBy as responder,
            firstUserId as userId,
            firstMs as ms,
            true as isFirst,
            inboundLocal,
            periodLocal
        from local_event
        where firstBy is not null
        union all
        select
            eventNumber,
            leadId,
            clientId,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            firstBy,
            'setter',
            null,
            setterMs,
            false,
            inboundLocal,
            periodLocal
        from local_event
        where firstBy = 'ai' and setterMs is not null
        union all
        select
            eventNumber,
            leadId,
            clientId,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            firstBy,
            'ai',
            null,
            aiMs,
            false,
            inboundLocal,
            periodLocal
        from local_event
        where firstBy = 'setter' and aiMs is not null
    )
select
    given.leadId,
    given.clientId,
    event_context.channel,
    event_context.emailCampaignId,
    given.aiDelayMinSeconds,
    given.aiDelayMaxSeconds,
    given.firstBy,
    given.responder,
    case
        when given.responder = 'setter'
        then coalesce(given.userId, event_context.setterSentByUserId, '')
    end as userId,
    given.ms,
    given.isFirst,
    given.inboundLocal,
    given.periodLocal,
    event_context.hasWrittenBack,
    lead_outcome.bookedAfterMs,
    lead_outcome.outcome
from given
left join event_context on event_context.eventNumber = given.eventNumber
left join lead_outcome on lead_outcome.eventNumber = given.eventNumber and given.isFirst
