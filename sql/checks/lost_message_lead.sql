-- Grain: one violation: a message that names a lead which Lead lacks.
-- Inputs: orphan_message.
select 'Messages name a lead that Lead lacks' as kind, 'Lead' as lacking, id, leadId as referencedId
from orphan_message
where reason = 'lead not in Lead'
