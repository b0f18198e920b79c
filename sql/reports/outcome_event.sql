-- Grain: one reported event, with the booking outcome of its lead.
-- Inputs: reported_event, lead_outcome.
-- Decision: an outcome stands at the one response that counts for its lead, elsewhere null.
select
    reported_event.aiChosenDelaySeconds,
    reported_event.firstBy,
    reported_event.firstUserId,
    reported_event.firstMs,
    reported_event.driftUs,
    reported_event.isDriftImplausible,
    lead_outcome.outcome
from reported_event
left join lead_outcome on lead_outcome.eventNumber = reported_event.eventNumber
