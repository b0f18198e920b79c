-- Grain: one campaign of an active lead.
-- Inputs: Lead, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
select "emailCampaignId" as "id"
from "Lead"
where
    "id" in (
        select "leadId"
        from "Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
