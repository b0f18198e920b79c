create type "ResponseMode" as enum ('SETTER_MANAGED', 'AI_AUTO_SEND');
create type "Direction" as enum ('inbound', 'outbound');
create type "DraftStatus" as enum ('pending', 'sent');
create table "Client" ("id" text primary key);
create table "EmailCampaign" (
    "id" text primary key, "clientId" text not null, "name" text not null,
    "responseMode" "ResponseMode" not null,
    "autoSendDelayMinSeconds" integer, "autoSendDelayMaxSeconds" integer
);
create table "Lead" (
    "id" text primary key, "clientId" text not null, "emailCampaignId" text, "notes" text,
    "createdAt" timestamp(3), "appointmentBookedAt" timestamp(3), "appointmentCanceledAt" timestamp(3),
    "appointmentStatus" text, "ghlAppointmentId" text, "calendlyInviteeUri" text,
    "calendlyScheduledEventUri" text
);
create table "Message" (
    "id" text primary key, "leadId" text not null, "channel" text not null,
    "direction" "Direction" not null, "sentAt" timestamp(3) not null, "sentBy" text,
    "sentByUserId" text, "aiDraftId" text, "aiDraftPartIndex" integer, "body" text not null,
    "source" text, "createdAt" timestamp(3)
);
create table "AIDraft" (
    "id" text primary key, "triggerMessageId" text, "channel" text not null,
    "createdAt" timestamp(3) not null default current_timestamp, "content" text,
    "status" "DraftStatus", "autoSendAction" text, "responseDisposition" text
);
create table "BackgroundJob" (
    "id" text primary key, "type" text not null, "messageId" text not null, "draftId" text,
    "clientId" text not null, "leadId" text not null, "runAt" timestamp(3) not null,
    "startedAt" timestamp(3), "finishedAt" timestamp(3),
    "createdAt" timestamp(3), "status" text, "attempts" integer, "lastError" text
);

insert into "Client" values ('00000000-0000-4000-8000-00000000c001'), ('00000000-0000-4000-8000-00000000c002');
insert into "EmailCampaign" values
    ('00000000-0000-4000-8000-00000000e001', '00000000-0000-4000-8000-00000000c001', 'Spring', 'AI_AUTO_SEND', 180, 420),
    ('00000000-0000-4000-8000-00000000e002', '00000000-0000-4000-8000-00000000c002', 'Quiet', 'SETTER_MANAGED', null, null);
insert into "Lead" values
    ('00000000-0000-4000-8000-000000001001', '00000000-0000-4000-8000-00000000c001', '00000000-0000-4000-8000-00000000e001'),
    ('00000000-0000-4000-8000-000000001002', '00000000-0000-4000-8000-00000000c002', '00000000-0000-4000-8000-00000000e002'),
    ('00000000-0000-4000-8000-000000001003', '00000000-0000-4000-8000-00000000c002', null);
-- Lead 1: an anchor answered by the AI and a setter, then one answered by a setter alone.
insert into "Message" values
    ('00000000-0000-4000-8000-00000000a001', '00000000-0000-4000-8000-000000001001', 'email', 'inbound', '2026-02-10 10:00:00.123', null, null, null, null, 'private'),
    ('00000000-0000-4000-8000-00000000a002', '00000000-0000-4000-8000-000000001001', 'email', 'inbound', '2026-02-10 10:01:00.456', null, null, null, null, 'private'),
    ('00000000-0000-4000-8000-00000000a003', '00000000-0000-4000-8000-000000001001', 'email', 'outbound', '2026-02-10 10:05:12.789', 'ai', null, '00000000-0000-4000-8000-00000000d001', 0, 'private'),
    ('00000000-0000-4000-8000-00000000a004', '00000000-0000-4000-8000-000000001001', 'email', 'outbound', '2026-02-10 10:30:00', 'setter', '00000000-0000-4000-8000-00000000b001', null, null, 'private'),
    ('00000000-0000-4000-8000-00000000a005', '00000000-0000-4000-8000-000000001001', 'email', 'inbound', '2026-02-11 09:00:00', null, null, null, null, 'private'),
    ('00000000-0000-4000-8000-00000000a006', '00000000-0000-4000-8000-000000001001', 'email', 'outbound', '2026-02-11 09:20:00', 'setter', '00000000-0000-4000-8000-00000000b001', null, null, 'private'),
-- Lead 2: answered by another setter, in January.
    ('00000000-0000-4000-8000-00000000a101', '00000000-0000-4000-8000-000000001002', 'sms', 'inbound', '2026-01-05 08:00:00', null, null, null, null, 'private'),
    ('00000000-0000-4000-8000-00000000a102', '00000000-0000-4000-8000-000000001002', 'sms', 'outbound', '2026-01-05 08:00:30.001', 'setter', '00000000-0000-4000-8000-00000000b002', null, null, 'private'),
-- Lead 3: nobody answered.
    ('00000000-0000-4000-8000-00000000a201', '00000000-0000-4000-8000-000000001003', 'sms', 'inbound', '2026-01-06 08:00:00', null, null, null, null, 'private');
insert into "AIDraft" values
    ('00000000-0000-4000-8000-00000000d001', '00000000-0000-4000-8000-00000000a002', 'email', '2026-02-10 10:01:05', 'private');
insert into "BackgroundJob" values
    ('00000000-0000-4000-8000-00000000f001', 'AI_AUTO_SEND_DELAYED', '00000000-0000-4000-8000-00000000a002', '00000000-0000-4000-8000-00000000d001', '00000000-0000-4000-8000-00000000c001', '00000000-0000-4000-8000-000000001001', '2026-02-10 10:05:01', '2026-02-10 10:05:10', '2026-02-10 10:05:13'),
    ('00000000-0000-4000-8000-00000000f002', 'SEND_REMINDER', '00000000-0000-4000-8000-00000000a101', null, '00000000-0000-4000-8000-00000000c002', '00000000-0000-4000-8000-000000001002', '2026-01-07 08:00:00', null, null);
