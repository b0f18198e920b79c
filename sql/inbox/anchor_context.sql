-- Grain: one anchor with an event: what surrounds it, as docs/inbox.md has it.
-- Inputs: anchor, turn_span, thread_message, message, known_lead, email_campaign, ai_answer,
-- ai_draft, message_window.
-- Decision: whose the first outbound is: a setter's with or without a user id, the AI's from the
-- event's draft or else, a campaign's if its source says so, or other. A message of an unknown
-- sentBy is like one of none.
with
    inbound as (
        select leadNumber, channelNumber, place, messageNumber from thread_message where isInbound
    )
select
    anchor.anchorId as inboundMessageId,
    known_lead.emailCampaignId,
    email_campaign.name as campaignName,
    email_campaign.responseMode,
    message_window.windowSource,
    streak_start.id as streakStartMessageId,
    streak_start.sentAt as streakStartSentAt,
    turn_span.turnStart - turn_span.streakStart as streakInbounds,
    first_outbound.id as firstOutboundMessageId,
    first_outbound.sentAt as firstOutboundSentAt,
    case
        when first_outbound.sentBy = 'setter' and first_outbound.sentByUserId is not null
        then 'setter'
        when first_outbound.sentBy = 'setter'
        then 'setterUnknown'
        when first_outbound.sentBy = 'ai' and first_outbound.aiDraftId = ai_answer.draftId
        then 'ai'
        when first_outbound.sentBy = 'ai'
        then 'aiOther'
        when contains(first_outbound.source, 'campaign')
        then 'campaign'
        else 'other'
    end as firstOutboundBy,
    turn_span.turnMessages,
    turn_span.turnBySetter,
    turn_span.turnByAi,
    next_inbound.id as nextInboundMessageId,
    next_inbound.sentAt as nextInboundSentAt,
    ai_draft.responseDisposition
from anchor
join turn_span on turn_span.anchorNumber = anchor.anchorNumber
join known_lead on known_lead.leadNumber = anchor.leadNumber
join message as first_outbound on first_outbound.rowNumber = turn_span.firstOutboundNumber
join
    inbound as starting
    on starting.leadNumber = turn_span.leadNumber
    and starting.channelNumber = turn_span.channelNumber
    and starting.place = turn_span.streakStart
join message as streak_start on streak_start.rowNumber = starting.messageNumber
left join
    inbound as following
    on following.leadNumber = turn_span.leadNumber
    and following.channelNumber = turn_span.channelNumber
    and following.place = turn_span.turnEnd + 1
left join message as next_inbound on next_inbound.rowNumber = following.messageNumber
left join email_campaign on email_campaign.id = known_lead.emailCampaignId
left join ai_answer on ai_answer.anchorNumber = anchor.anchorNumber
left join ai_draft on ai_draft.id = ai_answer.draftId
join message_window on message_window.messageNumber = anchor.anchorNumber
order by anchor.anchorNumber
