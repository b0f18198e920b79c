-- Grain: one anchor whose events differ, or of which one side alone has an event; `here` and
-- `there` are the two events as structs, null in every field where there is none.
-- Inputs: event_pair.
select
    coalesce(here.inboundMessageId, there.inboundMessageId) as inboundMessageId,
    coalesce(here.leadId, there.leadId) as leadId,
    coalesce(here.channel, there.channel) as channel,
    coalesce(here.inboundSentAt, there.inboundSentAt) as inboundSentAt,
    case
        when there.inboundMessageId is null
        then 'only here'
        when here.inboundMessageId is null
        then 'only there'
        else 'differs'
    end as kind,
    here,
    there
from event_pair
where not isEqual
