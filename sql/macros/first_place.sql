-- Macro: the least place of an instant where instants and the rows at each are counted through as
-- one
-- number: its row n is n places on, or back. A file has fewer rows than the 2^40 that an instant
-- has.
create macro first_place(instant) as cast(epoch_us(instant) as hugeint) * 1099511627776
