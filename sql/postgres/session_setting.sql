-- Grain: one setting of the server that would end a long transaction, set aside for this one.
-- Inputs: pg_settings.
-- Decision: the server looks every two seconds whether the tool is still there, so that a killed
-- one holds its locks no longer; rows hidden by row-level security are an error, not left out.
select
    set_config(
        name,
        case
            when name = 'client_connection_check_interval'
            then '2s'
            when name = 'row_security'
            then 'off'
            when lower(name) = 'timezone'
            then 'UTC'
            else '0'
        end,
        true
    )
from pg_catalog.pg_settings
where
    lower(name)
    in ('idle_in_transaction_session_timeout', 'row_security', 'timezone', 'transaction_timeout')
    or (name = 'client_connection_check_interval' and version() like '%linux%')
