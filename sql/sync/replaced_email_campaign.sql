-- Grain: one campaign of the file that what was read stands for.
-- Inputs: kept_email_campaign, import_email_campaign.
-- Params: $every_campaign (whether all there are were read).
select id
from kept_email_campaign
where $every_campaign or id in (select id from import_email_campaign where id is not null)
