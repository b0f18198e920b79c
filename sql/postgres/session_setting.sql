-- Grain: one setting that the server has and that is not as it should be, set for the transaction.
-- Inputs: json_each_text.
-- Params: $1 the settings and their values, as a JSON object; timingctl/postgres/settings.py.
-- Decision: what is as it should be is left alone, since some may be set by a superuser only; only
-- Linux servers can look for a client that is gone.
select set_config(wanted.key, wanted.value, true)
from json_each_text($1::json) as wanted
where
    current_setting(wanted.key, true) <> wanted.value
    and (wanted.key <> 'client_connection_check_interval' or version() like '%linux%')
