-- Grain: one wait that passes the filters: how long it lasts, and whether it is answered.
-- Inputs: asked_wait.
select waitMs, endedBy is not null as isAnswered from asked_wait where isAsked
