-- Grain: one row. When the transaction began, by the server's clock, in UTC; the oldest transaction
-- that had not ended by then; and when the latest message was sent.
-- Fragments: latest, a query or null.
select
    now() at time zone 'UTC' as "at",
    txid_snapshot_xmin(txid_current_snapshot()) as "transaction",
    ({{ latest }})::timestamp as "latest"
