-- Grain: one event that one side alone has, with the likely reason.
-- Inputs: unequal_event, moved_answer, side_fact.
-- Decision: two lone events that follow each other in a thread, one of each side, are one anchor
-- that moved when the later came before the earlier's answer.
with
    lone as (
        select
            inboundMessageId,
            leadId,
            channel,
            inboundSentAt,
            kind,
            case
                when kind = 'only here'
                then least(here.setterResponseSentAt, here.aiResponseSentAt)
                else least(there.setterResponseSentAt, there.aiResponseSentAt)
            end as answeredAt
        from unequal_event
        where kind <> 'differs'
    ),
    neighbour as (
        select
            inboundMessageId,
            leadId,
            channel,
            inboundSentAt,
            kind,
            answeredAt,
            case
                when lag(kind) over thread <> kind then lag(inboundSentAt) over thread
            end as earlierAt,
            case
                when lag(kind) over thread <> kind then lag(answeredAt) over thread
            end as earlierAnsweredAt,
            case
                when lead(kind) over thread <> kind then lead(inboundSentAt) over thread
            end as laterAt
        from lone
        window thread as (partition by leadId, channel order by inboundSentAt, inboundMessageId)
    )
select
    neighbour.inboundMessageId,
    neighbour.leadId,
    neighbour.channel,
    neighbour.inboundSentAt,
    neighbour.kind,
    case
        when neighbour.inboundSentAt in (neighbour.earlierAt, neighbour.laterAt)
        then 'tie'
        when neighbour.answeredAt in (neighbour.inboundSentAt, neighbour.laterAt)
        then 'tie'
        when neighbour.inboundSentAt = neighbour.earlierAnsweredAt
        then 'tie'
        when
            neighbour.laterAt < neighbour.answeredAt
            or neighbour.inboundSentAt < neighbour.earlierAnsweredAt
        then 'late-message'
        when moved_answer.reason is not null
        then moved_answer.reason
        when coalesce(neighbour.answeredAt, neighbour.inboundSentAt) > other.knownUntil
        then 'newer'
        when neighbour.inboundSentAt < other.firstInboundAt
        then 'older'
    end as reason
from neighbour
join
    side_fact as other
    on other.side = case when neighbour.kind = 'only here' then 'there' else 'here' end
left join
    moved_answer
    on neighbour.inboundMessageId = case
        when neighbour.kind = 'only here'
        then moved_answer.hereAnchorId
        else moved_answer.thereAnchorId
    end
