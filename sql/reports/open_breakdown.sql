-- Grain: one group of open waits by up to two dimensions; without one all of them are one group.
-- Inputs: open_wait.
-- Params: $first, $second (names of dimensions, null: none).
-- Decision: nobody has answered them, so they are in no group of a responder or a delay window.
select
    dimension_key(
        $first,
        clientId,
        channel,
        emailCampaignId,
        null,
        null,
        null,
        null,
        null,
        inboundLocal,
        periodLocal
    ) as firstKey,
    dimension_key(
        $second,
        clientId,
        channel,
        emailCampaignId,
        null,
        null,
        null,
        null,
        null,
        inboundLocal,
        periodLocal
    ) as secondKey,
    count(*) as open,
    max(waitMs) as longestOpenMs
from open_wait
group by firstKey, secondKey
order by firstKey nulls last, secondKey nulls last
