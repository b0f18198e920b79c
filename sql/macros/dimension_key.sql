-- Macro: the key of a group of a breakdown: of a dimension's name and the columns of a row; null
-- where
-- the row has none, or no dimension is named.
create macro dimension_key(
    dimension,
    client_id,
    channel,
    campaign_id,
    responder,
    user_id,
    first_by,
    min_seconds,
    max_seconds,
    inbound_local,
    period_local
) as
    case dimension
        when 'client'
        then client_id
        when 'channel'
        then channel
        when 'campaign'
        then campaign_id
        when 'setter'
        then 'user:' || user_id
        when 'responder'
        then case when responder = 'ai' then 'ai' else 'user:' || user_id end
        when 'first-responder'
        then cast(first_by as varchar)
        when 'window'
        then min_seconds || '-' || max_seconds
        when 'weekday'
        then cast(isodow(inbound_local) as varchar)
        when 'hour'
        then lpad(cast(hour(inbound_local) as varchar), 2, '0')
        when 'day'
        then strftime(period_local, '%Y-%m-%d')
        when 'week'
        then strftime(date_trunc('week', period_local), '%Y-%m-%d')
        when 'month'
        then strftime(date_trunc('month', period_local), '%Y-%m-%d')
    end
