-- Grain: one job about a message of an active lead.
-- Inputs: BackgroundJob, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
select "id"
from "BackgroundJob"
where
    "messageId" in (
        select "id"
        from "Message"
        where
            "leadId" in (
                select "leadId"
                from "Message"
                where "sentAt" >= current_setting('timingctl.since')::timestamp
            )
    )
