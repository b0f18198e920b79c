-- Macro: how long after an inbound message the sending of its answer was due, in milliseconds.
-- Decision: both instants are cut to whole milliseconds, as the app keeps them.
create macro scheduled_ms(run_at, inbound_sent_at) as
    divide(epoch_us(run_at), 1000) - divide(epoch_us(inbound_sent_at), 1000)
