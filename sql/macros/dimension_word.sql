-- Macro: what tells the groups of a breakdown apart that is no time, of a dimension's name and a
-- row (the alias of a relation); null where the row has none.
create macro dimension_word(dimension, asked) as
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
    end
