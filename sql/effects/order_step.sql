-- Grain: one tenth of the differences between the delays of inbounds that came one after the other
-- with one window, and how many differences lie in it.
-- Inputs: eligible_inbound.
-- Decision: modulo the window's width. Random ids give each width's values alike often; ids that
-- count up do not. Windows of fewer than ten values have no tenths.
with
    followed as (
        select
            minSeconds,
            maxSeconds - minSeconds + 1 as delays,
            chosenSeconds,
            lag(chosenSeconds) over (
                partition by minSeconds, maxSeconds order by sentAt, messageId
            ) as previousSeconds
        from eligible_inbound
        where maxSeconds - minSeconds + 1 >= 10
    )
select
    delays,
    divide(10 * mod(chosenSeconds - previousSeconds + delays, delays), delays) as tenth,
    count(*) as n
from followed
where previousSeconds is not null
group by delays, tenth
order by delays, tenth
