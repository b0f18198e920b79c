-- Grain: one row. When the latest message was sent.
-- Inputs: Message.
-- Fragments: schema; sent, the instant, UTC.
select max({{ sent }}) as "latest" from {{ schema }}."Message" as message where isfinite({{ sent }})
