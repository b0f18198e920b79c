-- Grain: one campaign that sends automatically today, with its delay window of today.
-- Inputs: campaign_window.
select key, minSeconds, maxSeconds from campaign_window where noWindow is null
