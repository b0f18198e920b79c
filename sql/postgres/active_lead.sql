-- Grain: one lead that wrote or was written to since an instant.
-- Inputs: Message.
-- Settings: timingctl.since, the instant, UTC: a param would keep the rows from streaming.
-- Fragments: schema.
select distinct "leadId" as "id"
from {{ schema }}."Message"
where "sentAt" >= current_setting('timingctl.since')::timestamp
