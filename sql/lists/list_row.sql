-- Grain: one row of a list, with what surrounds it.
-- Inputs: listed, inbox_campaign, listed_thread, listed_draft, inbox_message.
-- Decision: the last message is that of the thread; at one instant an inbound stands behind an
-- outbound. A draft waits where it was made for an inbound of the thread since then, and no message
-- was sent from it.
with
    last_message as (
        select
            leadId,
            channel,
            max_by(
                {
                    'sentAt':sentAt,
                    'by': case
                        when direction = 'inbound'
                        then 'lead'
                        when sentBy in ('setter', 'ai')
                        then sentBy
                        when contains(source, 'campaign')
                        then 'campaign'
                        else 'other'
                    end
                },
                row(sentAt, direction = 'inbound', id)
            ) as latest
        from listed_thread
        group by leadId, channel
    ),
    sent as (
        select distinct aiDraftId
        from inbox_message
        where aiDraftId in (select id from listed_draft)
    ),
    drafted as (
        select distinct listed.messageId
        from listed
        join
            listed_thread
            on listed_thread.leadId = listed.leadId
            and listed_thread.channel = listed.channel
            and listed_thread.sentAt >= listed.sinceAt
            and listed_thread.direction = 'inbound'
        join listed_draft on listed_draft.triggerMessageId = listed_thread.id
        anti join sent on sent.aiDraftId = listed_draft.id
    )
select
    listed.messageId,
    listed.leadId,
    listed.clientId,
    listed.channel,
    listed.emailCampaignId,
    listed.sinceAt,
    listed.untilAt,
    listed.waitMs,
    listed.severity,
    listed.endedBy,
    listed.firstOutboundBy,
    listed.jobId,
    listed.outcome,
    listed.schedule,
    listed.runAt,
    inbox_campaign.name as campaignName,
    last_message.latest.by as lastMessageBy,
    last_message.latest.sentAt as lastMessageAt,
    drafted.messageId is not null as draftWaiting,
    listed.businessWaitMs
from listed
left join inbox_campaign on inbox_campaign.id = listed.emailCampaignId
left join
    last_message on last_message.leadId = listed.leadId and last_message.channel = listed.channel
left join drafted on drafted.messageId = listed.messageId
order by
    listed.severity desc, listed.measuredMs desc, listed.sinceAt, listed.messageId, listed.jobId
