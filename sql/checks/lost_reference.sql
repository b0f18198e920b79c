-- Grain: one violation: a row, usable by itself, that names a row which no export has, of whatever
-- table. It is no error and changes no event: the user should know of it.
-- Inputs: import_message, import_ai_draft, sending_job, lead, orphan_message, email_campaign.
-- Decision: a row that was read is there, usable or not; what is unusable is told elsewhere.
-- Campaigns must be usable, and are missed only where there are any: the table may be absent.
select
    'Messages name a draft that AIDraft lacks' as kind,
    'AIDraft' as lacking,
    import_message.id,
    import_message.aiDraftId as referencedId
from import_message
anti join import_ai_draft on import_ai_draft.id = import_message.aiDraftId
where import_message.problem is null and import_message.aiDraftId is not null
union all
select 'Jobs name a draft that AIDraft lacks', 'AIDraft', sending_job.id, sending_job.draftId
from sending_job
anti join import_ai_draft on import_ai_draft.id = sending_job.draftId
where sending_job.draftId is not null
union all
select 'Jobs name a message that Message lacks', 'Message', sending_job.id, sending_job.messageId
from sending_job
anti join import_message on import_message.id = sending_job.messageId
union all
select
    'Drafts name a message that Message lacks',
    'Message',
    import_ai_draft.id,
    import_ai_draft.triggerMessageId
from import_ai_draft
anti join import_message on import_message.id = import_ai_draft.triggerMessageId
where import_ai_draft.problem is null and import_ai_draft.triggerMessageId is not null
union all
select
    'Leads name a campaign that EmailCampaign lacks', 'EmailCampaign', lead.id, lead.emailCampaignId
from lead
anti join email_campaign on email_campaign.id = lead.emailCampaignId
where lead.emailCampaignId is not null and exists (select 1 from email_campaign)
union all
select 'Messages name a lead that Lead lacks', 'Lead', id, leadId
from orphan_message
where reason = 'lead not in Lead'
