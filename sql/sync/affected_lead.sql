-- Grain: one lead of which all that is made of the exports is made anew.
-- Inputs: touched_lead, touched_message, message, change_message, background_job, known_lead,
-- change_email_campaign, changed_window.
-- Decision: a campaign's lead for any change of the campaign: its name, too, stands beside events.
select leadId
from touched_lead
union
select message.leadId
from message
where message.id in (select messageId from touched_message)
union
select background_job.leadId
from background_job
where
    background_job.leadId is not null
    and background_job.messageId in (select id from change_message)
union
select known_lead.leadId
from known_lead
where known_lead.emailCampaignId in (select id from change_email_campaign)
union
select known_lead.leadId
from known_lead
join changed_window on changed_window.key = known_lead.emailCampaignId and changed_window.isCampaign
union
select known_lead.leadId
from known_lead
join changed_window on changed_window.key = known_lead.clientId and not changed_window.isCampaign
