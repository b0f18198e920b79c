-- Grain: one group of plausible jobs: all, those of an outcome, of a schedule, or of a period with
-- jobs.
-- Inputs: asked_job.
with
    counted as (
        select
            case
                when grouping(outcome) = 0
                then 'outcome'
                when grouping(schedule) = 0
                then 'schedule'
                when grouping(periodStartsAt) = 0
                then 'period'
                else 'all'
            end as "by",
            coalesce(outcome, schedule) as name,
            strftime(periodStartsAt, '%Y-%m-%d') as period,
            count(*) as jobs,
            count(*) filter (where outcome = 'sent') as sent,
            count(*) filter (where outcome = 'due') as due,
            count(*) filter (where isLate) as late,
            count(*) filter (where schedule <> 'noWindow') as withWindow,
            quantile_cont(waitedMs, [0.5, 0.9]) as queueMs,
            quantile_cont(sendMs, [0.5, 0.9]) as sendMs
        from asked_job
        where isAsked and not isImplausible
        group by grouping sets ((), outcome, schedule, periodStartsAt)
    )
select "by", name, period, jobs, sent, due, late, withWindow, queueMs, sendMs
from counted
where "by" <> 'period' or period is not null
order by "by", name, period
