-- Grain: one violation: a row of the delay history that cannot be read as it should.
-- Inputs: import_delay_window.
select problem.column as "column", problem.reason, problem.value, rowid + 1 as row
from import_delay_window
where problem is not null
order by row
