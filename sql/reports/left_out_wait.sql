-- Grain: one row: the waits that only the filter by hours leaves out.
-- Inputs: asked_wait.
select count(*) filter (where not isAsked) as leftOut from asked_wait
