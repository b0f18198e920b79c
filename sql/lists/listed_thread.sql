-- Grain: one message of a thread that is listed.
-- Inputs: listed, inbox_message.
-- Decision: the rows are found first, by three columns, and then their ids are read: few are, and
-- an id costs more to read than the rest.
with
    thread as (select distinct leadId, channel from listed),
    found as (
        select inbox_message.rowNumber
        from inbox_message
        join
            thread
            on thread.leadId = inbox_message.leadId
            and thread.channel = inbox_message.channel
    )
select id, leadId, channel, sentAt, direction, sentBy, source
from inbox_message
where rowNumber in (select rowNumber from found)
