-- Grain: one period of the delay history, by the campaign or else the client it is for.
-- Inputs: import_delay_window.
-- Decision: of rows that are the same in all columns the first counts, as in exports.
select
    min(rowid) + 1 as row,
    campaignId is not null as isCampaign,
    coalesce(campaignId, clientId) as key,
    minSeconds,
    maxSeconds,
    effectiveFrom,
    effectiveTo
from import_delay_window
group by campaignId, clientId, minSeconds, maxSeconds, effectiveFrom, effectiveTo
