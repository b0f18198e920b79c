-- Grain: one wait: what a lead lives through from its first unanswered message to the answer, or
-- to the build's as-of while nobody has answered.
-- Inputs: started_run, message, known_lead, known_channel, message_window.
-- Params: $as_of.
-- Decision: a wait that starts after the as-of has lasted 0 ms by then.
select
    known_lead.leadId,
    known_channel.channel,
    known_lead.clientId,
    known_lead.emailCampaignId,
    started_run.startMessageId,
    started_run.startSentAt,
    started_run.inbounds,
    started_run.lastInboundSentAt,
    answer.id as endMessageId,
    answer.sentAt as endSentAt,
    answer.sentBy as endedBy,
    greatest(
        elapsed_ms(started_run.startSentAt, coalesce(answer.sentAt, cast($as_of as timestamp))), 0
    ) as waitMs,
    message_window.minSeconds is not null as hasWindow
from started_run
join known_lead on known_lead.leadNumber = started_run.leadNumber
join known_channel on known_channel.channelNumber = started_run.channelNumber
left join message as answer on answer.rowNumber = started_run.answerNumber
join message_window on message_window.messageNumber = started_run.startNumber
order by started_run.startNumber
