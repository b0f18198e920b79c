-- Grain: one turn, that is one anchor: where it starts, and the first message by a setter.
-- Inputs: turn_message.
-- Decision: a setter without a user id counts as no setter.
select
    anchorNumber,
    leadNumber,
    channelNumber,
    min(place) as turnStart,
    min(case when isBySetter then place end) as setterPlace,
    min_by(messageNumber, case when isBySetter then place end) as setterNumber
from turn_message
group by anchorNumber, leadNumber, channelNumber
