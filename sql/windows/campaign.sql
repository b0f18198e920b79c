-- Grain: one campaign, in the settings or of a lead.
-- Inputs: email_campaign, known_lead.
select id as key
from email_campaign
union
select emailCampaignId
from known_lead
where emailCampaignId is not null
