-- Grain: one delay window in one month: its scheduled jobs against the chosen delays.
-- Inputs: local_event.
with
    checked as (
        select
            aiDelayMinSeconds as minSeconds,
            aiDelayMaxSeconds as maxSeconds,
            date_trunc('month', periodLocal) as monthStartsAt,
            schedule_verdict(scheduledMs, aiChosenDelaySeconds, aiDelayMinSeconds) as verdict
        from local_event
        where scheduledMs is not null
    )
select
    minSeconds,
    maxSeconds,
    strftime(monthStartsAt, '%Y-%m') as month,
    count(*) as jobs,
    count(*) filter (where verdict = 'match') as "match",
    count(*) filter (where verdict = 'later') as later,
    count(*) filter (where verdict = 'earlier') as earlier,
    count(*) filter (where verdict = 'outsideWindow') as outsideWindow,
    count(*) filter (where verdict = 'noWindow') as noWindow
from checked
group by minSeconds, maxSeconds, monthStartsAt
order by minSeconds nulls last, maxSeconds nulls last, month
