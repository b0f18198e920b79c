-- Grain: one message of an active lead, however old, so that no thread is cut.
-- Inputs: Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
-- Fragments: schema.
select "id"
from {{ schema }}."Message"
where
    "leadId" in (
        select "leadId"
        from {{ schema }}."Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
