-- Grain: one job that sent its draft: the preferred one of its message and draft, with the first
-- message that the AI sent from the draft after the inbound message, in its thread.
-- Inputs: scheduled_job, message, thread_message.
-- Decision: for an anchor this is the event's response. Also a message that is no anchor may have
-- a draft, and a job that sends it. What the lead wrote was not sent, whatever it says of itself.
with
    preferred as (
        select
            messageNumber,
            draftId,
            max_by(jobNumber, row(startedAt is not null, startedAt, runAt, jobId)) as jobNumber
        from scheduled_job
        where messageNumber is not null and draftId is not null
        group by messageNumber, draftId
    ),
    inbound as (
        select
            preferred.jobNumber,
            preferred.draftId,
            asking.leadNumber,
            asking.channelNumber,
            asking.place
        from preferred
        join thread_message as asking on asking.messageNumber = preferred.messageNumber
    )
select inbound.jobNumber, min_by(sent.rowNumber, answering.place) as sentNumber
from inbound
join message as sent on sent.aiDraftId = inbound.draftId and sent.sentBy = 'ai'
join
    thread_message as answering
    on answering.messageNumber = sent.rowNumber
    and answering.leadNumber = inbound.leadNumber
    and answering.channelNumber = inbound.channelNumber
    and answering.place > inbound.place
    and not answering.isInbound
group by inbound.jobNumber
