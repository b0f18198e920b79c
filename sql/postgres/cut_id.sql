-- Grain: one id of a table of which only the beginning is known, since it is a long one.
-- Inputs: Message.
-- Settings: timingctl.cut, beginnings of ids as JSON.
-- Fragments: schema; table, Message or another, and its alias; id, as text; shown, how many
-- characters are known.
select {{ id }} as "id"
from {{ schema }}.{{ table }} as {{ alias }}
where
    left({{ id }}, {{ shown }})
    in (select json_array_elements_text(current_setting('timingctl.cut')::json))
