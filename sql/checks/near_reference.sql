-- Grain: one kind of lost reference of which some are there in another spelling: the first of them
-- and that spelling.
-- Inputs: lost_reference, import_message, import_ai_draft, import_lead, import_email_campaign.
-- Decision: spellings are alike without case, spaces around, hyphens, braces, zeros in front, and
-- the .0 that programs put behind whole numbers. Of very many lost ones the first thousand of a
-- kind are looked at.
with
    looked_at as (
        select kind, lacking, referencedId
        from (select distinct kind, lacking, referencedId from lost_reference) as found
        qualify row_number() over (partition by kind order by referencedId) <= 1000
    ),
    there as (
        select 'Message' as lacking, id
        from import_message
        where id is not null
        union all
        select 'AIDraft', id
        from import_ai_draft
        where id is not null
        union all
        select 'Lead', id
        from import_lead
        where id is not null
        union all
        select 'EmailCampaign', id
        from import_email_campaign
        where id is not null
    ),
    spelt as (
        select lacking, id, true as isThere, cast(null as varchar) as kind
        from there
        union all
        select lacking, referencedId, false, kind
        from looked_at
    ),
    likened as (
        select
            lacking,
            id,
            isThere,
            kind,
            ltrim(
                regexp_replace(translate(lower(trim(id)), '-{}', ''), '^([0-9]+)[.]0+$', '\1'), '0'
            ) as plainId
        from spelt
    )
select lost.kind, min(lost.id) as referencedId, arg_min(likened.id, (lost.id, likened.id)) as other
from likened as lost
join likened on likened.lacking = lost.lacking and likened.plainId = lost.plainId
where not lost.isThere and likened.isThere and likened.id <> lost.id
group by lost.kind
order by lost.kind
