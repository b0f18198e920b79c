-- Grain: one eligible inbound that has a job, and whether one of its jobs was due after the chosen
-- delay.
-- Inputs: eligible_inbound, job_outcome.
select
    eligible_inbound.messageNumber,
    bool_or(
        scheduled_ms(job_outcome.runAt, eligible_inbound.sentAt)
        = eligible_inbound.chosenSeconds * 1000
    ) as isMatch
from eligible_inbound
join job_outcome on job_outcome.messageId = eligible_inbound.messageId
group by eligible_inbound.messageNumber
