-- Grain: one violation: a row of the delay history with one end of its window.
-- Inputs: import_delay_window.
select
    case when minSeconds is null then 'minSeconds' else 'maxSeconds' end as "column",
    rowid + 1 as row
from import_delay_window
where (minSeconds is null) <> (maxSeconds is null)
order by row
