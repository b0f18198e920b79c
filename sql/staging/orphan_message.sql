-- Grain: one message, usable by itself, whose lead is missing or contested.
-- Inputs: message, known_lead, import_lead.
-- Decision: a lead that is deleted in the source takes its messages along, under a reason of
-- their own: the export is whole, and the app would have removed them. In a table of versions a
-- lead is deleted that has older versions alone.
select
    message.id,
    message.leadId,
    case
        when known_lead.leadId is not null
        then 'lead of several clients'
        when deleted_lead.id is not null
        then 'lead deleted in the source'
        else 'lead not in Lead'
    end as reason
from message
left join known_lead on known_lead.leadId = message.leadId
left join
    (
        select distinct id
        from import_lead
        where problem.reason in ('deleted in the source', 'an older version in the source')
    ) as deleted_lead
    on deleted_lead.id = message.leadId
where known_lead.leadId is null or known_lead.isContested
