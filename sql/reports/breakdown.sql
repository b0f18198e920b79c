-- Grain: one group of responses by up to two dimensions; without one all of them are one group.
-- Also one row of all (isTotal), where it is wanted.
-- Inputs: response.
-- Params: $first, $second (names of dimensions, null: none), $all_responses (else the first ones),
-- $setters_only, $targets (ms, rising), $leads_wanted (count leads, and those that wrote back),
-- $total_wanted.
-- Decision: a response at a target lies within it. What tells groups apart becomes a key once a
-- group: most of it are numbers, by which rows are grouped faster.
with
    placed as (
        select
            dimension_word($first, response) as firstWord,
            dimension_number($first, response) as firstNumber,
            dimension_word($second, response) as secondWord,
            dimension_number($second, response) as secondNumber,
            case when $leads_wanted then leadId end as leadId,
            hasWrittenBack,
            ms,
            bookedAfterMs,
            outcome
        from response
        where (isFirst or $all_responses) and (responder = 'setter' or not $setters_only)
    ),
    per_lead as (
        select
            firstWord,
            firstNumber,
            secondWord,
            secondNumber,
            leadId,
            count(hasWrittenBack) > 0 as isFollowed,
            coalesce(bool_or(hasWrittenBack), false) as hasWrittenBack
        from placed
        where $leads_wanted
        group by firstWord, firstNumber, secondWord, secondNumber, leadId
    ),
    of_leads as (
        select
            false as isTotal,
            firstWord,
            firstNumber,
            secondWord,
            secondNumber,
            count(*) as leads,
            count(*) filter (where isFollowed) as followed,
            count(*) filter (where hasWrittenBack) as wroteBack
        from per_lead
        group by firstWord, firstNumber, secondWord, secondNumber
        union all
        select
            true,
            null,
            null,
            null,
            null,
            count(*),
            count(*) filter (where isFollowed),
            count(*) filter (where hasWrittenBack)
        from
            (
                select bool_or(isFollowed) as isFollowed, bool_or(hasWrittenBack) as hasWrittenBack
                from per_lead
                where $total_wanted
                group by leadId
            ) as any_lead
    ),
    grouped as (
        select
            false as isTotal,
            firstWord,
            firstNumber,
            secondWord,
            secondNumber,
            ms,
            bookedAfterMs,
            outcome
        from placed
        union all
        select true, null, null, null, null, ms, bookedAfterMs, outcome
        from placed
        where $total_wanted
    ),
    counted as (
        select
            isTotal,
            firstWord,
            firstNumber,
            secondWord,
            secondNumber,
            count(*) as n,
            sum(ms) / count(*) as meanMs,
            quantile_cont(ms, [0.5, 0.9]) as quantilesMs,
            histogram(ms, cast($targets as bigint[])) as counts,
            quantile_cont(bookedAfterMs, 0.5) as bookedAfterP50Ms,
            count(*) filter (where outcome in ('booked', 'bookedPending')) as booked,
            count(*) filter (where outcome = 'notBooked') as notBooked,
            count(*) filter (where outcome = 'pending') as pending,
            count(*) filter (where outcome = 'bookedNoTimestamp') as bookedNoTimestamp,
            count(*) filter (where outcome = 'bookedPending') as bookedPending
        from grouped
        group by isTotal, firstWord, firstNumber, secondWord, secondNumber
    )
select
    counted.isTotal,
    dimension_key($first, counted.firstWord, counted.firstNumber) as firstKey,
    dimension_key($second, counted.secondWord, counted.secondNumber) as secondKey,
    counted.n,
    coalesce(of_leads.leads, 0) as leads,
    coalesce(of_leads.followed, 0) as followed,
    coalesce(of_leads.wroteBack, 0) as wroteBack,
    counted.meanMs,
    counted.quantilesMs,
    list_transform(
        cast($targets as bigint[]),
        lambda target:cast(
            list_sum(
                list_transform(
                    list_filter(cast($targets as bigint[]), lambda lesser:lesser <= target),
                    lambda lesser:counted.counts[lesser]
                )
            ) as bigint
        )
    ) as within,
    counted.bookedAfterP50Ms,
    counted.booked,
    counted.notBooked,
    counted.pending,
    counted.bookedNoTimestamp,
    counted.bookedPending
from counted
left join
    of_leads
    on of_leads.isTotal = counted.isTotal
    and of_leads.firstWord is not distinct from counted.firstWord
    and of_leads.firstNumber is not distinct from counted.firstNumber
    and of_leads.secondWord is not distinct from counted.secondWord
    and of_leads.secondNumber is not distinct from counted.secondNumber
order by counted.isTotal, firstKey nulls last, secondKey nulls last
