-- Macro: how a job's scheduled_ms lies to the chosen delay; without a window there is none.
-- Decision: rescheduling and retries only ever delay a job, so any job after its chosen delay is
-- later; before it, a delay that the window allows is earlier and one below its lower end is
-- outside the window.
create macro schedule_verdict(scheduled_ms, chosen_seconds, min_seconds) as
    case
        when chosen_seconds is null
        then 'noWindow'
        when scheduled_ms = chosen_seconds * 1000
        then 'match'
        when scheduled_ms > chosen_seconds * 1000
        then 'later'
        when scheduled_ms < min_seconds * 1000
        then 'outsideWindow'
        else 'earlier'
    end
