-- Grain: one sending job of the kind that is listed: scheduled after the chosen delay (late), or
-- one that sent nothing and is not due later (unsent).
-- Inputs: job_outcome.
-- Params: $kind.
select jobId, messageId, leadId, clientId, chosenDelaySeconds, sentAt, outcome, schedule, runAt
from job_outcome
where
    ($kind = 'late' and schedule in ('clamped', 'opening', 'retried', 'later'))
    or ($kind = 'unsent' and outcome not in ('sent', 'due'))
