-- Macro: where an instant's rows begin when all rows are counted through, instant by instant:
-- row n of it is at that place plus n, or minus n. A file has fewer rows than the 2^40 of one.
create macro first_place(instant) as cast(epoch_us(instant) as hugeint) * 1099511627776
