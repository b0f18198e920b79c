-- Macro: an instant on the zone's clock, never before what the clock has shown already; starts_us
-- and shown_us are of the last change of the clock before it (sql/clocks/clock_change.sql).
create macro shown_at(instant, zone, starts_us, shown_us) as
    greatest(
        timezone(zone, timezone('UTC', instant)),
        case when starts_us > epoch_us(instant) - 86400000000 then make_timestamp(shown_us) end
    )
