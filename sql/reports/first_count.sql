-- Grain: one row: how many first responses are the AI's and setters'.
-- Inputs: response.
select
    count(*) filter (where responder = 'ai') as ai,
    count(*) filter (where responder = 'setter') as setter
from response
where isFirst
