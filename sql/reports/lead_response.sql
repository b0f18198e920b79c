-- Grain: one lead with a response in the window: the earliest one, which counts for the lead.
-- Inputs: event_row, import_event.
-- Params: $outcomes_given (without lead data nothing counts for a lead).
-- Decision: of responses at one instant the one to the lesser inboundMessageId. Few leads have two
-- at one instant, and ids are read for these alone: where the first and the last row of the
-- earliest instant, which are found as the least of instant and row as one number, are not the
-- same.
with
    earliest as (
        select
            leadId,
            min(firstSentAt) as firstSentAt,
            min(first_place(firstSentAt) + eventNumber) as firstRow,
            min(first_place(firstSentAt) - eventNumber) as lastRow
        from event_row
        where isWindowed and firstSentAt is not null and $outcomes_given
        group by leadId
    ),
    numbered as (
        select
            leadId,
            firstSentAt,
            cast(firstRow - first_place(firstSentAt) as bigint) as eventNumber,
            cast(first_place(firstSentAt) - lastRow as bigint) as lastNumber
        from earliest
    ),
    tied as (
        select
            event_row.leadId,
            arg_min(event_row.eventNumber, import_event.inboundMessageId) as eventNumber
        from event_row
        join
            numbered
            on numbered.leadId = event_row.leadId
            and numbered.firstSentAt = event_row.firstSentAt
        join import_event on import_event.rowid = event_row.eventNumber
        where event_row.isWindowed and numbered.eventNumber != numbered.lastNumber
        group by event_row.leadId
    )
select
    numbered.leadId,
    numbered.firstSentAt,
    coalesce(tied.eventNumber, numbered.eventNumber) as eventNumber
from numbered
left join tied on tied.leadId = numbered.leadId
