-- Grain: one row of a list, with what surrounds it.
-- Inputs: listed, inbox_campaign, inbox_message, inbox_draft.
-- Decision: the last message is that of the thread; at one instant an inbound stands behind an
-- outbound. A draft waits where it was made for an inbound of the thread since then, and no message
-- was sent from it.
with
    thread as (select distinct leadId, channel from listed),
    last_message as (
        select
            thread.leadId,
            thread.channel,
            max_by(
                {
                    'sentAt':inbox_message.sentAt,
                    'by': case
                        when inbox_message.direction = 'inbound'
                        then 'lead'
                        when inbox_message.sentBy in ('setter', 'ai')
                        then inbox_message.sentBy
                        when contains(inbox_message.source, 'campaign')
                        then 'campaign'
                        else 'other'
                    end
                },
                row(inbox_message.sentAt, inbox_message.direction = 'inbound', inbox_message.id)
            ) as latest
        from thread
        join
            inbox_message
            on inbox_message.leadId = thread.leadId
            and inbox_message.channel = thread.channel
        group by thread.leadId, thread.channel
    ),
    drafted as (
        select distinct listed.messageId
        from listed
        join
            inbox_message
            on inbox_message.leadId = listed.leadId
            and inbox_message.channel = listed.channel
            and inbox_message.sentAt >= listed.sinceAt
            and inbox_message.direction = 'inbound'
        join inbox_draft on inbox_draft.triggerMessageId = inbox_message.id
        anti join inbox_message as sent on sent.aiDraftId = inbox_draft.id
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
