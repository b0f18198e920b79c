-- Macro: what tells the groups of a breakdown apart that is a time, of a dimension's name and a row
-- (the alias of a relation): grouped as a number, and written by dimension_key once a group.
create macro dimension_number(dimension, asked) as
    case dimension
        when 'weekday'
        then isodow(asked.inboundLocal)
        when 'hour'
        then hour(asked.inboundLocal)
        when 'day'
        then epoch_us(date_trunc('day', asked.periodLocal))
        when 'week'
        then epoch_us(date_trunc('week', asked.periodLocal))
        when 'month'
        then epoch_us(date_trunc('month', asked.periodLocal))
    end
