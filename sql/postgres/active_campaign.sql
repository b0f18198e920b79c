-- Grain: one campaign of an active lead.
-- Inputs: Lead, Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
-- Fragments: schema.
select "emailCampaignId" as "id"
from {{ schema }}."Lead"
where
    "id" in (
        select "leadId"
        from {{ schema }}."Message"
        where "sentAt" >= current_setting('timingctl.since')::timestamp
    )
