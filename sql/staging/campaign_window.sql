-- Grain: one campaign, with its delay window of today; noWindow says why it has none.
-- Inputs: email_campaign.
-- Decision: only a campaign that sends automatically has a window, and only with both ends.
select
    id as key,
    responseMode,
    autoSendDelayMinSeconds as minSeconds,
    autoSendDelayMaxSeconds as maxSeconds,
    case
        when responseMode is distinct from 'AI_AUTO_SEND'
        then 'responseMode'
        when autoSendDelayMinSeconds is null and autoSendDelayMaxSeconds is null
        then 'bothEnds'
        when autoSendDelayMinSeconds is null
        then 'minSeconds'
        when autoSendDelayMaxSeconds is null
        then 'maxSeconds'
    end as noWindow
from email_campaign
