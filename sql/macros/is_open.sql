-- Macro: whether the business is open at an instant that falls in the stretch.
create macro is_open(instant, stretch) as (epoch_us(instant) < stretch.endUs)
