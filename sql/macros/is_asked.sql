-- Macro: whether something that starts with an inbound message passes the filters of a report by
-- window, client and channel; a filter that is null passes all.
create macro is_asked(sent_at, client_id, channel, since, until, clients, channels) as
    (since is null or coalesce(sent_at >= cast(since as timestamp), false))
    and (until is null or coalesce(sent_at < cast(until as timestamp), false))
    and (clients is null or coalesce(list_contains(cast(clients as varchar[]), client_id), false))
    and (channels is null or coalesce(list_contains(cast(channels as varchar[]), channel), false))
