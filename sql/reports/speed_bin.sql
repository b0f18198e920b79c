-- Grain: one of ten bins a decade of the response times of setters and the AI, if not empty.
-- Inputs: reported_event.
-- Decision: for drawing only; what is under a second counts as a second.
with
    speed as (
        select 'Setter' as who, setterMs as ms
        from reported_event
        where setterMs is not null
        union all
        select 'AI', aiMs
        from reported_event
        where aiMs is not null
    ),
    binned as (
        select who, cast(floor(log10(greatest(ms, 1000) / 1000.0) * 10) as integer) as bin
        from speed
    )
select who, bin, count(*) as n
from binned
group by who, bin
order by who, bin
