-- Grain: one row. How many staged events the table has, how many of those have a chosen delay that
-- they lose to another, and how many of these because their delay window is another.
-- Inputs: incoming_event, ResponseTimingEvent.
-- Fragments: event, the table; those made from the contract: same_anchor, chosen (the chosen delay
-- as it is and as it shall be) and windows (the delay window, likewise).
-- Decision: a delay that was not known before is no change of history.
select
    count(*) as existing,
    count(*) filter (where kept."aiChosenDelaySeconds" is not null and {{ chosen }}) as rechosen,
    count(*) filter (
        where kept."aiChosenDelaySeconds" is not null and {{ chosen }} and {{ windows }}
    ) as "byWindow"
from pg_temp.incoming_event as excluded
join {{ event }} as kept on {{ same_anchor }}
