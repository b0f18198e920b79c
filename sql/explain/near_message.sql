-- Grain: one id of a message that is like the one asked for, which does not exist; at most three.
-- Inputs: import_message.
-- Params: $message.
-- Decision: one that starts like it, or one of nearly the same letters, whatever their case.
with
    likeness as (
        select distinct
            id,
            starts_with(lower(id), lower($message)) as isLonger,
            jaro_winkler_similarity(lower(id), lower(trim($message))) as similarity
        from import_message
        where id is not null and $message <> ''
    )
select id
from likeness
where isLonger or similarity >= 0.9
order by isLonger desc, similarity desc, id
limit 3
