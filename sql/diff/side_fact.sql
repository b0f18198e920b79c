-- Grain: one side of a comparison, with what its events say as a whole.
-- Inputs: import_here_event, import_there_event.
-- Decision: a side knows of nothing later than its latest instant, createdAt included: in a file of
-- build that is the instant of the latest message read. It may be of rule next when it has setters'
-- responses and none of them after the AI's.
select
    'here' as side,
    count(*) as events,
    greatest(
        max(inboundSentAt), max(setterResponseSentAt), max(aiResponseSentAt), max(createdAt)
    ) as knownUntil,
    min(inboundSentAt) as firstInboundAt,
    count(setterResponseSentAt) > 0
    and count(*) filter (where setterResponseSentAt > aiResponseSentAt) = 0 as mayBeRuleNext,
    count(*) filter (where id <> inboundMessageId) > 0 as hasOwnIds,
    count(distinct createdAt) <= 1 and count(distinct updatedAt) <= 1 as isOfOneInstant
from import_here_event
union all
select
    'there' as side,
    count(*) as events,
    greatest(
        max(inboundSentAt), max(setterResponseSentAt), max(aiResponseSentAt), max(createdAt)
    ) as knownUntil,
    min(inboundSentAt) as firstInboundAt,
    count(setterResponseSentAt) > 0
    and count(*) filter (where setterResponseSentAt > aiResponseSentAt) = 0 as mayBeRuleNext,
    count(*) filter (where id <> inboundMessageId) > 0 as hasOwnIds,
    count(distinct createdAt) <= 1 and count(distinct updatedAt) <= 1 as isOfOneInstant
from import_there_event
