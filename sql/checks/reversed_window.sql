-- Grain: one violation: a row of the delay history whose period ends before it starts.
-- Inputs: import_delay_window.
select rowid + 1 as row from import_delay_window where effectiveFrom >= effectiveTo order by row
