-- Macro: whether a whole weekend lies between two instants on a clock: it started before a
-- Saturday, and went on to the Monday, at its midnight or later.
create macro has_weekend(since, until) as
    until >= date_trunc('week', since) + case
        when since < date_trunc('week', since) + interval 5 day
        then interval 7 day
        else interval 14 day
    end
