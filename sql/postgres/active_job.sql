-- Grain: one job about a message of an active lead.
-- Inputs: BackgroundJob, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
-- Fragments: schema.
select "id"
from {{ schema }}."BackgroundJob"
where
    "messageId" in (
        select "id"
        from {{ schema }}."Message"
        where
            "leadId" in (
                select "leadId"
                from {{ schema }}."Message"
                where "sentAt" >= current_setting('timingctl.since')::timestamp
            )
    )
