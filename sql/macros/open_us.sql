-- Macro: how long the business was open before an instant, in microseconds, from the first opening
-- that is known; null where the instant is. `stretch` is the row of sql/clocks/open_stretch.sql in
-- which the instant falls. Business time is the difference of two of these.
create macro open_us(instant, stretch) as
    case
        when instant is not null
        then stretch.openBeforeUs + least(epoch_us(instant), stretch.endUs) - stretch.startUs
    end
