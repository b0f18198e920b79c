-- Grain: one anchor with an event: what surrounds it, as docs/inbox.md has it.
-- Inputs: anchor, anchor_streak, turn_opening, known_lead, email_campaign, ai_answer, ai_draft,
-- message_window.
-- Decision: whose the first outbound is: a setter's with or without a user id, the AI's from the
-- event's draft or else, a campaign's if its source says so, or other. A message of an unknown
-- sentBy is like one of none.
select
    anchor.anchorId as inboundMessageId,
    known_lead.emailCampaignId,
    email_campaign.name as campaignName,
    email_campaign.responseMode,
    message_window.windowSource,
    anchor_streak.streakStartMessageId,
    anchor_streak.streakStartSentAt,
    anchor_streak.streakInbounds,
    turn_opening.id as firstOutboundMessageId,
    turn_opening.sentAt as firstOutboundSentAt,
    case
        when turn_opening.sentBy = 'setter' and turn_opening.sentByUserId is not null
        then 'setter'
        when turn_opening.sentBy = 'setter'
        then 'setterUnknown'
        when turn_opening.sentBy = 'ai' and turn_opening.aiDraftId = ai_answer.draftId
        then 'ai'
        when turn_opening.sentBy = 'ai'
        then 'aiOther'
        when contains(turn_opening.source, 'campaign')
        then 'campaign'
        else 'other'
    end as firstOutboundBy,
    turn_opening.turnMessages,
    turn_opening.turnBySetter,
    turn_opening.turnByAi,
    anchor_streak.nextInboundMessageId,
    anchor_streak.nextInboundSentAt,
    ai_draft.responseDisposition
from anchor
join anchor_streak on anchor_streak.anchorNumber = anchor.anchorNumber
join turn_opening on turn_opening.anchorNumber = anchor.anchorNumber
join known_lead on known_lead.leadNumber = anchor.leadNumber
left join email_campaign on email_campaign.id = known_lead.emailCampaignId
left join ai_answer on ai_answer.anchorNumber = anchor.anchorNumber
left join ai_draft on ai_draft.id = ai_answer.draftId
join message_window on message_window.messageNumber = anchor.anchorNumber
order by anchor.anchorNumber
