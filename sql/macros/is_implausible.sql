-- Macro: whether an instant in the answering of an inbound message is one that no clock gives;
-- false where either is not known.
-- Decision: before the message by more than a day, or a year of 365 days or more after it.
create macro is_implausible(instant, inbound_sent_at) as
    coalesce(
        instant < inbound_sent_at - interval 1 day or instant >= inbound_sent_at + interval 365 day,
        false
    )
