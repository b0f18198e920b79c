"""Worlds of the slow model as exports and as an inbox, and what effects say of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timingctl import pipeline
from timingctl.effects.figures import effects
from timingctl.effects.options import EffectsOptions
from timingctl.options import BuildOptions

if TYPE_CHECKING:
    from tests.effects.model import Said, World
    from timingctl.effects.document import Document

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
_COLUMNS = {
    "Message": "id leadId channel direction sentAt sentBy sentByUserId aiDraftId aiDraftPartIndex",
    "AIDraft": "id triggerMessageId channel createdAt",
    "BackgroundJob": "id type messageId draftId runAt startedAt finishedAt",
    "Lead": "id clientId emailCampaignId appointmentBookedAt appointmentCanceledAt "
    "appointmentStatus ghlAppointmentId calendlyInviteeUri calendlyScheduledEventUri",
    "EmailCampaign": "id clientId name responseMode autoSendDelayMinSeconds "
    "autoSendDelayMaxSeconds",
}


def text(at: int | None) -> str:
    """So many seconds after the start, as an export has it."""
    return "" if at is None else f"{START + timedelta(seconds=at):%Y-%m-%d %H:%M:%S}"


def instant(at: int) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=at)


def write_world(folder: Path, world: World) -> Path:
    """The world as exports."""
    messages: list[Mapping[str, object]] = [
        {
            "id": one.id, "leadId": one.lead, "channel": one.channel, "sentAt": text(one.at),
            "direction": "inbound" if one.by == "lead" else "outbound",
            "sentBy": one.by if one.by in {"setter", "ai"} else "",
            "sentByUserId": "u1" if one.by == "setter" else "",
            "aiDraftId": f"draft-{one.id}" if one.by == "ai" else "",
        }
        for one in world.messages
    ]  # fmt: skip
    leads: list[Mapping[str, object]] = [
        {
            "id": lead.id, "clientId": "K", "emailCampaignId": lead.campaign or "",
            "appointmentBookedAt": text(lead.booked),
            "appointmentCanceledAt": text(1) if lead.cancelled else "",
            "ghlAppointmentId": "g" if lead.appointment else "",
        }
        for lead in world.leads
    ]  # fmt: skip
    campaigns: list[Mapping[str, object]] = [
        {
            "id": name, "clientId": "K", "responseMode": "AI_AUTO_SEND",
            "autoSendDelayMinSeconds": low, "autoSendDelayMaxSeconds": high,
        }
        for name, (low, high) in world.windows.items()
    ]  # fmt: skip
    jobs: list[Mapping[str, object]] = [
        {
            "id": f"job-{place}", "type": "AI_AUTO_SEND_DELAYED", "messageId": message,
            "draftId": "d", "runAt": text(due),
        }
        for place, (message, due) in enumerate(world.jobs)
    ]  # fmt: skip
    drafts: list[Mapping[str, object]] = [
        {"id": f"draft-{one.id}", "triggerMessageId": before, "channel": one.channel}
        for one in world.messages
        if one.by == "ai" and (before := _trigger(world, one))
    ]
    tables = {"Message": messages, "AIDraft": drafts, "BackgroundJob": jobs, "Lead": leads}
    tables["EmailCampaign"] = campaigns
    return write_tables(folder, tables)


def _trigger(world: World, answer: Said) -> str | None:
    """The inbound that the AI answers: the latest of the thread before it."""
    before = [
        (one.at, one.id)
        for one in world.messages
        if (one.lead, one.channel, one.by) == (answer.lead, answer.channel, "lead")
        and one.at < answer.at
    ]
    return max(before)[1] if before else None


def write_tables(folder: Path, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    """Rows as CSV exports."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, _COLUMNS[name].split(), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def inbox_of(folder: Path, world: World) -> Path:
    """The world's inbox."""
    output = folder / "inbox.duckdb"
    pipeline.build(
        BuildOptions(
            source=write_world(folder / "exports", world),
            output=output,
            delay_windows="current",
            as_of=instant(world.as_of),
            allow_rejects=True,
        )
    )
    return output


def effects_of(folder: Path, world: World, **options: Any) -> Document:
    """What effects say of the world."""
    return effects(EffectsOptions(inbox_of(folder, world), **options)).document
