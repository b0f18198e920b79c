-- Grain: one row. How many staged events are skipped, and how many others lose in a whole number.
-- Inputs: incoming_event, lost_reference.
select
    (select count(distinct "inboundMessageId") from lost_reference) as skipped,
    count(*) filter (
        where
            "isSaturated"
            and "inboundMessageId" not in (select "inboundMessageId" from lost_reference)
    ) as saturated
from incoming_event
