-- Grain: one job of an affected lead, or one that names such a lead: without a Lead table it says
-- whose client the lead is.
-- Inputs: background_job, owned_job, affected_lead.
select id
from background_job
where id in (select id from owned_job) or leadId in (select leadId from affected_lead)
