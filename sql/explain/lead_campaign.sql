-- Grain: one campaign: that of the lead of the message that is asked about, as it is set today.
-- Inputs: asked_message, campaign_window.
select campaign_window.responseMode, campaign_window.noWindow
from asked_message
join campaign_window on campaign_window.key = asked_message.emailCampaignId
