-- Grain: one event of the table whose message is no anchor any more.
-- Inputs: incoming_event, ResponseTimingEvent.
-- Fragments: event, the table; since and until, the file's window, [since, until); thread, what
-- the file knows all of, and same_thread, whether an event is in it; same_anchor.
-- Decision: by default only threads that the file has events of; it knows nothing of others.
select kept."inboundMessageId"
from {{ event }} as kept
join ({{ thread }}) as excluded on {{ same_thread }}
where
    kept."inboundSentAt" >= {{ since }}::timestamp
    and kept."inboundSentAt" < {{ until }}::timestamp
    and not exists (select from pg_temp.incoming_event as excluded where {{ same_anchor }})
