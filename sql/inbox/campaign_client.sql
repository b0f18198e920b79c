-- Grain: one campaign and client that a lead has together.
-- Inputs: known_lead.
select distinct emailCampaignId as key, clientId
from known_lead
where emailCampaignId is not null and clientId is not null
