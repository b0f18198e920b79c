-- Grain: one delay window in one month: its scheduled jobs against the chosen delays.
-- Inputs: local_event.
-- Decision: instants are compared in whole milliseconds, as the app keeps them. Rescheduling and
-- retries only ever delay a job, so any job after its chosen delay is later; before it, a delay
-- that the window allows is earlier and one below its lower end is outside the window.
with
    checked as (
        select
            aiDelayMinSeconds as minSeconds,
            aiDelayMaxSeconds as maxSeconds,
            date_trunc('month', inboundLocal) as monthStartsAt,
            case
                when aiChosenDelaySeconds is null
                then 'noWindow'
                when scheduledMs = aiChosenDelaySeconds * 1000
                then 'match'
                when scheduledMs > aiChosenDelaySeconds * 1000
                then 'later'
                when scheduledMs < aiDelayMinSeconds * 1000
                then 'outsideWindow'
                else 'earlier'
            end as verdict
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
