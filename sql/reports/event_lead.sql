-- Grain: one lead of the usable events, with a small number to join by.
-- Inputs: import_event.
with lead_id as (select distinct leadId from import_event where problem is null)
select leadId, row_number() over (order by leadId) as leadNumber
from lead_id
