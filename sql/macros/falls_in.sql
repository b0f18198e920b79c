-- Macro: whether an instant falls in a stretch of sql/clocks/open_stretch.sql. To join by it is to
-- join by equality of the day.
create macro falls_in(instant, stretch) as
    stretch.day = cast(instant as date)
    and stretch.startUs <= epoch_us(instant)
    and stretch.nextUs > epoch_us(instant)
