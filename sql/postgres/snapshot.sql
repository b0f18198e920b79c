-- Grain: one row. When the transaction began, by the server's clock, in UTC; the oldest transaction
-- that had not ended by then; and when the latest message was sent.
-- Inputs: Message.
-- Fragments: schema; sent, the instant, UTC.
select
    now() at time zone 'UTC' as "at",
    txid_snapshot_xmin(txid_current_snapshot()) as "transaction",
    max({{ sent }}) filter (where isfinite({{ sent }})) as "latest"
from {{ schema }}."Message" as message
