-- Macro: the key of a group of a breakdown, of a dimension's name and a row (the alias of a
-- relation);
-- null where the row has none, or no dimension is named.
create macro dimension_key(dimension, asked) as
    case dimension
        when 'client'
        then asked.clientId
        when 'channel'
        then asked.channel
        when 'campaign'
        then asked.emailCampaignId
        when 'setter'
        then 'user:' || asked.userId
        when 'responder'
        then case when asked.responder = 'ai' then 'ai' else 'user:' || asked.userId end
        when 'first-responder'
        then cast(asked.firstBy as varchar)
        when 'window'
        then asked.aiDelayMinSeconds || '-' || asked.aiDelayMaxSeconds
        when 'weekday'
        then cast(isodow(asked.inboundLocal) as varchar)
        when 'hour'
        then lpad(cast(hour(asked.inboundLocal) as varchar), 2, '0')
        when 'day'
        then strftime(asked.periodLocal, '%Y-%m-%d')
        when 'week'
        then strftime(date_trunc('week', asked.periodLocal), '%Y-%m-%d')
        when 'month'
        then strftime(date_trunc('month', asked.periodLocal), '%Y-%m-%d')
    end
