-- Macro: how long the business was open from one instant to another, in milliseconds, floor; null
-- where one of them is. The stretches are the rows of sql/clocks/open_stretch.sql in which they
-- fall.
create macro opened_ms(since, since_stretch, until, until_stretch) as
    divide(open_us(until, until_stretch) - open_us(since, since_stretch), 1000)
