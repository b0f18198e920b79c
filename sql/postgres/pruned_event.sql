-- Grain: one row. How many events were deleted because their message is no anchor any more.
-- Inputs: obsolete_event, ResponseTimingEvent.
-- Fragments: event, the table; same_anchor.
with
    pruned as (
        delete from {{ event }} as kept
        using pg_temp.obsolete_event as excluded
        where {{ same_anchor }}
        returning kept."inboundMessageId"
    )
select count(*) as pruned
from pruned
