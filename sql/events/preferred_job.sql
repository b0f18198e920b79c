-- Grain: one anchor whose preferred draft has a sending job; of several jobs the preferred one.
-- Inputs: ranked_job.
select anchorNumber, jobId, runAt, startedAt, finishedAt from ranked_job where preference = 1
