-- Grain: one row if the AI was first with a drift that no clock gives: how often, with the booking
-- outcomes.
-- Inputs: outcome_event.
select
    count(*) as n,
    count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
    count(*) filter (where outcome = 'notBooked') as notBooked,
    count(*) filter (where outcome = 'pending') as pending,
    count(*) filter (where outcome = 'bookedNoTimestamp') as bookedNoTimestamp,
    count(*) filter (where outcome = 'bookedPending') as bookedPending
from outcome_event
where firstBy = 'ai' and isDriftImplausible
having count(*) > 0
