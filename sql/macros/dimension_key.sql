-- Macro: the key of a group of a breakdown, of a dimension's name and what dimension_word or
-- dimension_number gives; null where the row has none, or no dimension is named.
create macro dimension_key(dimension, word, number) as
    case dimension
        when 'weekday'
        then cast(number as varchar)
        when 'hour'
        then lpad(cast(number as varchar), 2, '0')
        when 'day'
        then strftime(make_timestamp(number), '%Y-%m-%d')
        when 'week'
        then strftime(make_timestamp(number), '%Y-%m-%d')
        when 'month'
        then strftime(make_timestamp(number), '%Y-%m-%d')
        else word
    end
