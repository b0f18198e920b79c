-- Grain: one inbound message, with the numbers of the client and the campaign whose delay window
-- may have been in force when it came; null where no window of theirs is known. The window itself
-- is looked up in inboxes/windows.py.
-- Inputs: message, known_lead, window_key.
-- Decision: numbers stand for the ids, which are not carried out of the session for each message.
with
    keyed_lead as (
        select
            known_lead.leadId,
            client.keyNumber as clientNumber,
            campaign.keyNumber as campaignNumber
        from known_lead
        left join window_key as client on client.key = known_lead.clientId
        left join window_key as campaign on campaign.key = known_lead.emailCampaignId
        where known_lead.clientId is not null
    )
select
    message.rowNumber as messageNumber,
    message.id as inboundMessageId,
    message.sentAt as inboundSentAt,
    keyed_lead.clientNumber as clientId,
    keyed_lead.campaignNumber as emailCampaignId
from message
join keyed_lead on keyed_lead.leadId = message.leadId
where message.direction = 'inbound'
