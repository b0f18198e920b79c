-- Grain: one message of an active lead, however old, so that no thread is cut.
-- Inputs: Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
select "id"
from "Message"
where
    "leadId" in (
        select "leadId"
        from "Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
