-- Grain: one kind of lost reference of which some are there in another spelling: the first of them
-- and that spelling.
-- Inputs: lost_reference, import_message, import_ai_draft, import_lead, import_email_campaign.
-- Decision: spellings are alike without case, spaces around, hyphens, braces, zeros in front, and
-- the .0 that programs put behind whole numbers. Of very many lost ones the first thousand of a
-- kind are looked at.
with
    looked_at as (
        select kind, lacking, reference
        from (select distinct kind, lacking, reference from lost_reference) as found
        qualify row_number() over (partition by kind order by reference) <= 1000
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
    )
select
    looked_at.kind,
    min(looked_at.reference) as reference,
    arg_min(there.id, (looked_at.reference, there.id)) as other
from looked_at
join
    there
    on there.lacking = looked_at.lacking
    and plain_id(there.id) = plain_id(looked_at.reference)
group by looked_at.kind
order by looked_at.kind
