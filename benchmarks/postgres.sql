-- The events of the app's tables in PostgreSQL alone: set by set, with windows and joins.
-- The steps are tables with statistics, because the planner knows nothing of a CTE that is read more
-- than once, and scans it with one worker.
drop table if exists
    placed, setter_response, draft, preferred_draft, preferred_job, "ResponseTimingEvent";

-- The chosen delay of an id of 36 ASCII characters, null without a window: the hash is the sum of
-- its bytes, each times a power of 31, modulo 2^32. Not inlined, so that it is computed once.
create or replace function chosen_delay(id text, low integer, high integer) returns bigint
language plpgsql immutable strict parallel safe as $$
declare
    bytes bytea := convert_to(id, 'UTF8');
    hash bigint := (
              get_byte(bytes, 0) * 1950300255::bigint + get_byte(bytes, 1) * 1725480897::bigint
            + get_byte(bytes, 2) * 1025491999::bigint + get_byte(bytes, 3) * 2111290369::bigint
            + get_byte(bytes, 4) * 2284863455::bigint + get_byte(bytes, 5) * 350799937::bigint
            + get_byte(bytes, 6) * 11316127::bigint + get_byte(bytes, 7) * 693101697::bigint
            + get_byte(bytes, 8) * 4040230751::bigint + get_byte(bytes, 9) * 961614017::bigint
            + get_byte(bytes, 10) * 31019807::bigint + get_byte(bytes, 11) * 2217757953::bigint
            + get_byte(bytes, 12) * 4227960543::bigint + get_byte(bytes, 13) * 1244764481::bigint
            + get_byte(bytes, 14) * 2256911007::bigint + get_byte(bytes, 15) * 211350913::bigint
            + get_byte(bytes, 16) * 3886143071::bigint + get_byte(bytes, 17) * 3450495425::bigint
            + get_byte(bytes, 18) * 3297894943::bigint + get_byte(bytes, 19) * 1353309697::bigint
            + get_byte(bytes, 20) * 3784433119::bigint + get_byte(bytes, 21) * 1507551809::bigint
            + get_byte(bytes, 22) * 3789408671::bigint + get_byte(bytes, 23) * 4001564289::bigint
            + get_byte(bytes, 24) * 129082719::bigint + get_byte(bytes, 25) * 2498015937::bigint
            + get_byte(bytes, 26) * 4098453791::bigint + get_byte(bytes, 27) * 2487512833::bigint
            + get_byte(bytes, 28) * 1742810335::bigint + get_byte(bytes, 29) * 887503681::bigint
            + get_byte(bytes, 30) * 28629151::bigint + get_byte(bytes, 31) * 923521::bigint
            + get_byte(bytes, 32) * 29791::bigint + get_byte(bytes, 33) * 961::bigint
            + get_byte(bytes, 34) * 31::bigint + get_byte(bytes, 35) * 1::bigint
        ) & 4294967295;
begin
    if high <= low then
        return low;
    end if;
    return low + least(hash, 4294967296 - hash) % (high - low + 1);
end $$;

-- Grain: one message that is an anchor or stands in a turn, with its place in the thread; `turn`
-- is the number of the inbound that it follows.
create unlogged table placed as
with
    threaded as (
        select
            *,
            row_number() over thread as place,
            count(*) filter (where direction = 'inbound') over thread as turn,
            lead(direction) over thread as next
        from "Message"
        window thread as (
            partition by "leadId", channel
            order by
                "sentAt", direction = 'inbound', "aiDraftPartIndex" nulls first, id
            rows between unbounded preceding and current row
        )
    )
select
    id, "leadId", channel, "sentAt", "sentBy", "sentByUserId", "aiDraftId", place, turn,
    direction = 'inbound' as "isAnchor"
from threaded
where
    (direction = 'inbound' and next = 'outbound')
    or (direction = 'outbound' and turn > 0);
analyze placed;

-- Grain: one anchor with a setter's response.
create unlogged table setter_response as
select distinct on ("leadId", channel, turn)
    "leadId", channel, turn, id, "sentAt", "sentByUserId"
from placed
where not "isAnchor" and "sentBy" = 'setter' and "sentByUserId" <> ''
order by "leadId", channel, turn, place;
analyze setter_response;

-- Grain: one draft that an anchor triggered on its channel.
create unlogged table draft as
select
    "AIDraft".id as "draftId", "createdAt", placed.id as "anchorId", placed."leadId",
    placed.channel, placed.place
from "AIDraft"
join placed
    on placed.id = "AIDraft"."triggerMessageId" and placed.channel = "AIDraft".channel
where placed."isAnchor";
analyze draft;

-- Grain: one anchor with a draft: the preferred one, with its response.
create unlogged table preferred_draft as
with
    sent as (
        select distinct on (draft."draftId") draft."draftId", placed.id, placed."sentAt"
        from placed
        join draft
            on draft."draftId" = placed."aiDraftId"
            and draft."leadId" = placed."leadId"
            and draft.channel = placed.channel
        where placed."sentBy" = 'ai' and placed.place > draft.place and not placed."isAnchor"
        order by draft."draftId", placed.place
    )
select distinct on (draft."anchorId")
    draft."anchorId", draft."draftId", sent.id as "responseId", sent."sentAt" as "responseAt"
from draft
left join sent on sent."draftId" = draft."draftId"
order by
    draft."anchorId", sent."draftId" is null, draft."createdAt" desc nulls last,
    draft."draftId" desc;
analyze preferred_draft;

-- Grain: one anchor whose preferred draft has a job: the preferred one.
create unlogged table preferred_job as
select distinct on (job."messageId")
    job."messageId" as "anchorId", job.id, job."runAt", job."startedAt", job."finishedAt"
from "BackgroundJob" as job
join preferred_draft
    on preferred_draft."anchorId" = job."messageId" and preferred_draft."draftId" = job."draftId"
where job.type = 'AI_AUTO_SEND_DELAYED'
order by job."messageId", job."startedAt" desc nulls last, job."runAt" desc, job.id desc;
analyze preferred_job;

-- Grain: one anchor, with the 24 columns of the event.
create unlogged table "ResponseTimingEvent" as
select
    anchor.id,
    lead."clientId",
    anchor."leadId",
    anchor.channel,
    anchor.id as "inboundMessageId",
    anchor."sentAt" as "inboundSentAt",
    setter_response.id as "setterResponseMessageId",
    setter_response."sentAt" as "setterResponseSentAt",
    setter_response."sentByUserId" as "setterSentByUserId",
    floor(extract(epoch from setter_response."sentAt" - anchor."sentAt") * 1000)::bigint
        as "setterResponseMs",
    preferred_draft."draftId" as "aiDraftId",
    preferred_draft."responseId" as "aiResponseMessageId",
    preferred_draft."responseAt" as "aiResponseSentAt",
    floor(extract(epoch from preferred_draft."responseAt" - anchor."sentAt") * 1000)::bigint
        as "aiResponseMs",
    campaign."autoSendDelayMinSeconds" as "aiDelayMinSeconds",
    campaign."autoSendDelayMaxSeconds" as "aiDelayMaxSeconds",
    chosen_delay(
        anchor.id, campaign."autoSendDelayMinSeconds", campaign."autoSendDelayMaxSeconds"
    ) as "aiChosenDelaySeconds",
    floor(extract(epoch from preferred_draft."responseAt" - anchor."sentAt"))::bigint
        as "aiActualDelaySeconds",
    preferred_job."runAt" as "aiScheduledRunAt",
    preferred_job.id as "aiBackgroundJobId",
    preferred_job."startedAt" as "aiJobStartedAt",
    preferred_job."finishedAt" as "aiJobFinishedAt",
    (select max("sentAt") from "Message") as "createdAt",
    (select max("sentAt") from "Message") as "updatedAt"
from placed as anchor
join "Lead" as lead on lead.id = anchor."leadId"
left join "EmailCampaign" as campaign
    on campaign.id = lead."emailCampaignId"
    and campaign."responseMode" = 'AI_AUTO_SEND'
    and campaign."autoSendDelayMinSeconds" is not null
    and campaign."autoSendDelayMaxSeconds" is not null
left join setter_response
    on setter_response."leadId" = anchor."leadId"
    and setter_response.channel = anchor.channel
    and setter_response.turn = anchor.turn
left join preferred_draft on preferred_draft."anchorId" = anchor.id
left join preferred_job on preferred_job."anchorId" = anchor.id
where anchor."isAnchor";
