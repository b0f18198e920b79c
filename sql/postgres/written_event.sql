-- Grain: one row. How many events were inserted and how many updated.
-- Inputs: incoming_event, lost_reference, ResponseTimingEvent.
-- Fragments, made from the contract: columns (all), excluded (all, of the new row), changing
-- (those that an update may
-- change), kept and merged (the same as they are, and as they shall be).
-- Decision: events that would stay as they are are left out before the insert, because on conflict
-- locks, and so writes, even the rows that its own where then leaves alone. Both conditions read
-- alike since both call the new row excluded. An inserted row is one that has no xmax. Sorted by
-- key because neighbours share index pages: it saves a third of the time of a large first push.
with
    changed as (
        select {{ excluded }}
        from incoming_event as excluded
        left join
            "ResponseTimingEvent" as kept on kept."inboundMessageId" = excluded."inboundMessageId"
        where
            (kept."inboundMessageId" is null or ({{ kept }}) is distinct from ({{ merged }}))
            and not exists (
                select
                from lost_reference
                where lost_reference."inboundMessageId" = excluded."inboundMessageId"
            )
    ),
    -- fmt: off
    written as (
        insert into "ResponseTimingEvent" as kept ({{ columns }})
        select {{ columns }}
        from changed
        order by "inboundMessageId"
        on conflict ("inboundMessageId") do update
        set ({{ changing }}, "updatedAt") = row({{ merged }}, excluded."updatedAt")
        where ({{ kept }}) is distinct from ({{ merged }})
        returning kept.xmax = 0 as "isNew"
    )
-- fmt: on
select count(*) filter (where "isNew") as inserted, count(*) filter (where not "isNew") as updated
from written
