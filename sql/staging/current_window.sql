-- Grain: one campaign that sends automatically today, with its delay window of today.
-- Inputs: email_campaign.
-- Decision: a campaign that lacks one of the two ends has no window.
select id as key, autoSendDelayMinSeconds as minSeconds, autoSendDelayMaxSeconds as maxSeconds
from email_campaign
where
    responseMode = 'AI_AUTO_SEND'
    and autoSendDelayMinSeconds is not null
    and autoSendDelayMaxSeconds is not null
