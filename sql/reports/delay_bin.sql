-- Grain: one of forty bins a decade of chosen delays, if not empty, with the actual delays in it.
-- Inputs: reported_event.
-- Decision: for drawing only; over the responses in which the AI was first, as in
-- bucket_count; what is under a second counts as a second.
with
    delay as (
        select
            greatest(aiChosenDelaySeconds, 1) as chosen, greatest(aiActualMs / 1000.0, 1) as actual
        from reported_event
        where firstBy = 'ai' and aiChosenDelaySeconds is not null
    ),
    binned as (select cast(floor(log10(chosen) * 40) as integer) as bin, chosen, actual from delay)
select
    bin,
    count(*) as n,
    sum(chosen) / count(*) as chosenSeconds,
    quantile_cont(actual, [0.1, 0.5, 0.9]) as actualSeconds
from binned
group by bin
order by bin
