-- Grain: one draft for a message of an active lead.
-- Inputs: AIDraft, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
select "id"
from "AIDraft"
where
    "triggerMessageId" in (
        select "id"
        from "Message"
        where
            "leadId" in (
                select "leadId"
                from "Message"
                where "sentAt" >= current_setting('timingctl.since')::timestamp
            )
    )
