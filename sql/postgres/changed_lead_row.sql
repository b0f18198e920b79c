-- Grain: one lead whose own row was written since it was last read.
-- Inputs: Lead.
-- Settings: timingctl.since, an instant in UTC; timingctl.transaction, its id.
-- Fragments: schema; lead_id, as text; lead_changed, whether a row is newer.
select {{ lead_id }} from {{ schema }}."Lead" as lead where {{ lead_changed }}
