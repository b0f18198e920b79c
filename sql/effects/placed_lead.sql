-- Grain: one lead, with its place by id: what is summed over leads is summed in this order.
-- Inputs: known_lead.
select leadNumber, cast(row_number() over (order by leadId) as integer) as leadPlace from known_lead
