-- Grain: one event of an active lead.
-- Inputs: ResponseTimingEvent, Message. Settings: timingctl.since, the instant, UTC.
select "id"
from "ResponseTimingEvent"
where
    "leadId" in (
        select "leadId"
        from "Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
