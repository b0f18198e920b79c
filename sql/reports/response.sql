-- Grain: one response to a reported event, the first (isFirst) or the other's after it.
-- Inputs: local_event, anchor_context, lead_outcome.
-- Params: $context_wanted (else no response has a campaign or has been written back to), $as_of.
-- Decision: a lead's booking outcome stands at its earliest response, which is a first one. The
-- campaign is the lead's campaign today. A lead has written back where the thread has an inbound
-- within 7 days of the turn's first message; null while it may still, for what was answered lately
-- would seem to fail.
with
    given as (
        select
            inboundMessageId,
            leadId,
            clientId,
            channel,
            aiDelayMinSeconds,
            aiDelayMaxSeconds,
            firstBy,
            case
                when isFirst then firstBy when firstBy = 'ai' then 'setter' else 'ai'
            end as responder,
            case
                when isFirst
                then firstUserId
                when firstBy = 'ai'
                then coalesce(setterSentByUserId, '')
            end as userId,
            case when isFirst then firstMs when firstBy = 'ai' then setterMs else aiMs end as ms,
            isFirst,
            case when isFirst then eventNumber end as countsNumber,
            inboundLocal,
            periodLocal
        from local_event
        cross join (values (true), (false)) as place(isFirst)
        where
            (isFirst and firstBy is not null)
            or (not isFirst and firstBy = 'ai' and setterMs is not null)
            or (not isFirst and firstBy = 'setter' and aiMs is not null)
    ),
    context as (
        select
            inboundMessageId,
            emailCampaignId,
            case
                when firstOutboundSentAt + interval 7 day <= cast($as_of as timestamp)
                then coalesce(nextInboundSentAt <= firstOutboundSentAt + interval 7 day, false)
            end as hasWrittenBack
        from anchor_context
        where $context_wanted
    )
select
    given.leadId,
    given.clientId,
    given.channel,
    context.emailCampaignId,
    given.aiDelayMinSeconds,
    given.aiDelayMaxSeconds,
    given.firstBy,
    given.responder,
    given.userId,
    given.ms,
    given.isFirst,
    given.inboundLocal,
    given.periodLocal,
    context.hasWrittenBack,
    lead_outcome.bookedAfterMs,
    lead_outcome.outcome
from given
left join context on context.inboundMessageId = given.inboundMessageId
left join lead_outcome on lead_outcome.eventNumber = given.countsNumber
