-- Grain: one violation: a lead that names a campaign which EmailCampaign lacks.
-- Inputs: lead, email_campaign.
-- Decision: campaigns must be usable, and are missed only where there are any: the table may be
-- absent.
select
    'Leads name a campaign that EmailCampaign lacks' as kind,
    'EmailCampaign' as lacking,
    lead.id,
    lead.emailCampaignId as referencedId
from lead
anti join email_campaign on email_campaign.id = lead.emailCampaignId
where lead.emailCampaignId is not null and exists (select 1 from email_campaign)
