-- Grain: one wait of a lead that nobody has answered: at most one a channel.
-- Inputs: wait.
-- Params: $lead.
-- Decision: the longest first, as in the list of those who wait.
select channel, startMessageId as messageId, startSentAt as waitingSince, waitMs, inbounds
from wait
where leadId = $lead and endSentAt is null
order by waitMs desc, startSentAt, startMessageId
