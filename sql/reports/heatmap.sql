-- Grain: one hour of one weekday on the zone's clock, all 168, with the median first response.
-- Inputs: local_event.
with
    weekday as (select unnest(generate_series(1, 7)) as weekday),
    hour_of_day as (select unnest(generate_series(0, 23)) as hour),
    counted as (
        select
            isodow(inboundLocal) as weekday,
            hour(inboundLocal) as hour,
            count(*) as n,
            quantile_cont(firstMs, [0.5]) as quantilesMs
        from local_event
        where firstBy is not null
        group by isodow(inboundLocal), hour(inboundLocal)
    )
select weekday.weekday, hour_of_day.hour, coalesce(counted.n, 0) as n, counted.quantilesMs
from weekday
cross join hour_of_day
left join counted on counted.weekday = weekday.weekday and counted.hour = hour_of_day.hour
order by weekday.weekday, hour_of_day.hour
