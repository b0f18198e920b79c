-- Grain: one staged event that the table lacks or has otherwise, as it came.
-- Inputs: incoming_event, lost_reference, ResponseTimingEvent.
-- Fragments: event, the table; those made from the contract: excluded (all columns of the new row),
-- kept and merged (what an update may change, as it is, and as it shall be); same_anchor.
-- Decision: after writing it has no rows, or something came between.
select {{ excluded }}
from pg_temp.incoming_event as excluded
left join {{ event }} as kept on {{ same_anchor }}
where
    (kept."inboundMessageId" is null or ({{ kept }}) is distinct from ({{ merged }}))
    and not exists (
        select
        from pg_temp.lost_reference
        where lost_reference."inboundMessageId" = excluded."anchorId"
    )
