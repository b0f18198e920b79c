-- Grain: one row: the time within which half of all waits are answered, in ms, open ones counted;
-- null
-- where less than half are known to be.
-- Inputs: asked_wait.
-- Decision: Kaplan and Meier's: an open wait counts for as long as it has lasted. At one time
-- answers stand before what is still open.
with
    length as (
        select
            waitMs as lengthMs,
            count(*) as n,
            count(*) filter (where endedBy is not null) as answered
        from asked_wait
        where isAsked
        group by waitMs
    ),
    risk as (
        select
            lengthMs,
            answered,
            sum(n) over (
                order by lengthMs desc rows between unbounded preceding and current row
            ) as waiting
        from length
    ),
    survival as (
        select
            lengthMs,
            sum(case when answered = waiting then -1000 else ln(1 - answered / waiting) end) over (
                order by lengthMs rows between unbounded preceding and current row
            ) as logShare
        from risk
        where answered > 0
    )
select min(lengthMs) filter (where logShare <= ln(0.5 + 1e-9)) as medianMs
from survival
