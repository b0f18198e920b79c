-- Grain: one wait: what a lead lives through from its first unanswered message to the answer, or
-- to the build's as-of while nobody has answered.
-- Inputs: waiting_run, responder_message, message, known_lead, known_channel, message_window.
-- Params: $as_of.
-- Decision: a wait that starts after the as-of has lasted 0 ms by then.
select
    known_lead.leadId,
    known_channel.channel,
    known_lead.clientId,
    known_lead.emailCampaignId,
    started.id as startMessageId,
    started.sentAt as startSentAt,
    waiting_run.inbounds,
    latest.sentAt as lastInboundSentAt,
    answer.id as endMessageId,
    answer.sentAt as endSentAt,
    answer.sentBy as endedBy,
    greatest(
        elapsed_ms(started.sentAt, coalesce(answer.sentAt, cast($as_of as timestamp))), 0
    ) as waitMs,
    message_window.minSeconds is not null as hasWindow
from waiting_run
join known_lead on known_lead.leadNumber = waiting_run.leadNumber
join known_channel on known_channel.channelNumber = waiting_run.channelNumber
join message as started on started.rowNumber = waiting_run.startNumber
join message as latest on latest.rowNumber = waiting_run.lastNumber
left join
    responder_message
    on responder_message.leadNumber = waiting_run.leadNumber
    and responder_message.channelNumber = waiting_run.channelNumber
    and responder_message.number = waiting_run.responderNumber
left join message as answer on answer.rowNumber = responder_message.answerNumber
join message_window on message_window.messageNumber = waiting_run.startNumber
order by waiting_run.startNumber
