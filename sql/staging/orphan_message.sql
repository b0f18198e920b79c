-- Grain: one message, usable by itself, whose lead is missing or contested.
-- Inputs: message, known_lead.
select
    message.id,
    message.leadId,
    case
        when known_lead.leadId is null then 'lead not in Lead' else 'lead of several clients'
    end as reason
from message
left join known_lead on known_lead.leadId = message.leadId
where known_lead.leadId is null or known_lead.isContested
