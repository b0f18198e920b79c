-- Macro: whole milliseconds from one instant to another, rounded down; null where either is.
-- Decision: down also where it is negative: division alone would round that up.
create macro elapsed_ms(since, until) as
    divide(
        epoch_us(until)
        - epoch_us(since)
        - mod(mod(epoch_us(until) - epoch_us(since), 1000) + 1000, 1000),
        1000
    )
