-- Grain: one row. How many events are staged, how many of them are skipped, and how many others
-- lose in a whole number.
-- Inputs: incoming_event, lost_reference.
select
    count(*) as staged,
    (select count(distinct "inboundMessageId") from pg_temp.lost_reference) as skipped,
    count(*) filter (
        where
            "isSaturated"
            and "anchorId" not in (select "inboundMessageId" from pg_temp.lost_reference)
    ) as saturated
from pg_temp.incoming_event
