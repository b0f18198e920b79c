-- Grain: one event of an active lead.
-- Inputs: ResponseTimingEvent, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
-- Fragments: schema.
select "id"
from {{ schema }}."ResponseTimingEvent"
where
    "leadId" in (
        select "leadId"
        from {{ schema }}."Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
