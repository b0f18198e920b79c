-- Grain: one violation: a row of the delay history that is for no campaign and no client.
-- Inputs: import_delay_window.
select rowid + 1 as row
from import_delay_window
where campaignId is null and clientId is null
order by row
