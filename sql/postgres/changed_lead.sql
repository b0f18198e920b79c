-- Grain: one lead whose own row was written since it was last read.
-- Inputs: Lead.
-- Fragments: schema; changed, whether a row is newer; lead_id, as text.
select {{ lead_id }} as "leadId" from {{ schema }}."Lead" as lead where {{ changed }}
