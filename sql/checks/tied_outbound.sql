-- Grain: one row: how many outbound messages were sent at the instant of an inbound of their
-- thread, and so answer nothing, and the first of them.
-- Inputs: message.
-- Decision: hashes find them. Two threads that share one by chance are counted; that is rare, and
-- only a note.
select count(*) as ties, min(id) as example
from message
where
    direction = 'outbound'
    and hash(leadId, channel, sentAt)
    in (select hash(leadId, channel, sentAt) from message where direction = 'inbound')
