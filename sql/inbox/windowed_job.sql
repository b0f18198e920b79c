-- Grain: one job whose inbound message is known: the delay chosen for it, and the least there could
-- be; null where no delay window was in force.
-- Inputs: scheduled_job, message_window.
select scheduled_job.jobNumber, message_window.chosenSeconds, message_window.minSeconds
from scheduled_job
join message_window on message_window.messageNumber = scheduled_job.messageNumber
