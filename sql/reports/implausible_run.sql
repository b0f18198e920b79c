-- Grain: one row: the reported events with a runAt that no clock gives.
-- Inputs: reported_event.
select count(*) filter (where isRunImplausible) as implausible from reported_event
