-- Grain: one event of the table whose message is no anchor any more.
-- Inputs: incoming_event, ResponseTimingEvent.
-- Fragments: event, the table; since and until, the file's window, [since, until); same_lead,
-- same_channel and same_anchor.
-- Decision: only threads that the file has events of; the file knows nothing of others.
with thread as (select distinct "leadId", "channel" from pg_temp.incoming_event)
select kept."inboundMessageId"
from {{ event }} as kept
join thread as excluded on {{ same_lead }} and {{ same_channel }}
where
    kept."inboundSentAt" >= {{ since }}::timestamp
    and kept."inboundSentAt" < {{ until }}::timestamp
    and not exists (select from pg_temp.incoming_event as excluded where {{ same_anchor }})
