-- Grain: one stratum: a campaign, or a client for leads without one, and a window. How many
-- eligible inbounds it has, and what their jobs prove.
-- Inputs: eligible_inbound, proven_message.
-- Decision: with ten jobs or more, of which fewer than a tenth match, the window is not the one
-- that was in force.
with
    counted as (
        select
            eligible_inbound.peersNumber,
            eligible_inbound.minSeconds,
            eligible_inbound.maxSeconds,
            count(*) as inbounds,
            count(proven_message.messageNumber) as withJob,
            count(*) filter (
                where
                    list_contains(proven_message.scheduledMs, eligible_inbound.chosenSeconds * 1000)
            ) as match
        from eligible_inbound
        left join proven_message on proven_message.messageNumber = eligible_inbound.messageNumber
        group by
            eligible_inbound.peersNumber, eligible_inbound.minSeconds, eligible_inbound.maxSeconds
    ),
    named as (
        select
            peersNumber,
            minSeconds,
            maxSeconds,
            inbounds,
            withJob,
            match,
            row(peersNumber, minSeconds, maxSeconds) as stratumId
        from counted
    )
select
    peersNumber,
    minSeconds,
    maxSeconds,
    inbounds,
    withJob,
    match,
    withJob >= 10 and match * 10 < withJob as isUnproven,
    cast(row_number() over (order by stratumId) as integer) as stratumNumber
from named
