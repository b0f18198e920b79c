-- Grain: one lead whose own row, or whose messages, changed, or a job that names it.
-- Inputs: change_message, kept_message, read_message, change_background_job, kept_background_job,
-- read_background_job, change_lead.
select leadId
from kept_message
where id in (select id from change_message)
union
select leadId
from read_message
where id in (select id from change_message)
union
select leadId
from kept_background_job
where leadId is not null and id in (select id from change_background_job)
union
select leadId
from read_background_job
where leadId is not null and id in (select id from change_background_job)
union
select id
from change_lead
