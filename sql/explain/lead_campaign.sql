-- Grain: one campaign: that of the lead of the message that is asked about, as it is set today.
-- Inputs: asked_message, email_campaign.
select
    email_campaign.id,
    email_campaign.responseMode,
    email_campaign.autoSendDelayMinSeconds,
    email_campaign.autoSendDelayMaxSeconds
from asked_message
join email_campaign on email_campaign.id = asked_message.emailCampaignId
