-- Grain: one row. How many events there are, by who answered and where their delay window is from.
-- Inputs: synced_event, synced_context.
select
    count(*) as total,
    count(*) filter (where synced_event.setterResponseMessageId is not null) as answeredBySetter,
    count(*) filter (where synced_event.aiResponseMessageId is not null) as answeredByAi,
    count(*) filter (
        where
            synced_event.setterResponseMessageId is not null
            and synced_event.aiResponseMessageId is not null
    ) as answeredByBoth,
    count(*) filter (
        where
            synced_event.setterResponseMessageId is null
            and synced_event.aiResponseMessageId is null
    ) as answeredByNeither,
    count(*) filter (where synced_context.windowSource = 'history') as history,
    count(*) filter (where synced_context.windowSource = 'inferred') as inferred,
    count(*) filter (where synced_context.windowSource = 'current') as current,
    count(*) filter (where synced_context.windowSource = 'none') as none
from synced_event
join synced_context on synced_context.inboundMessageId = synced_event.inboundMessageId
