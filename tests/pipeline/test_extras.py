"""Columns that no event is made from: read when asked for, and never in the way of a row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from timingctl.exports.source import opened
from timingctl.options import BuildOptions
from timingctl.pipeline import build, stage
from timingctl.progress import Silence

TABLES = {
    "Message": """\
id,leadId,channel,direction,sentAt,sentBy,source,createdAt,clientId
A,lea,sms,inbound,2026-02-10 10:00:00,,Bounce ,2026-02-10 10:00:01,acme
B,lea,sms,outbound,2026-02-10 10:05:00,ai,,soon,acme
B,lea,sms,outbound,2026-02-10 10:05:00,ai,campaign,2026-02-10 10:05:02,acme
""",
    "AIDraft": """\
id,triggerMessageId,channel,createdAt,status,auto_send_action,responseDisposition
d1,A,sms,2026-02-10 10:00:05,sent,send,interested
""",
    "BackgroundJob": f"""\
id,type,messageId,draftId,runAt,createdAt,status,attempts,lastError,last_error
j1,AI_AUTO_SEND_DELAYED,A,d1,2026-02-10 10:04:00,2026-02-10 10:00:06,FAILED,half,{"é" * 300},x
""",
}
EXTRAS = {
    "message": "source, createdAt",
    "ai_draft": "status, autoSendAction, responseDisposition",
    "background_job": "createdAt, status, attempts, lastError",
    "lead": "createdAt, appointmentBookedAt, calendlyScheduledEventUri",
}


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def staged(exports: Path, *, extras: bool) -> tuple[dict[str, list[tuple[object, ...]]], list[str]]:
    """The extras of each table as text, in the order of rows; empty where none are read."""
    with opened(BuildOptions(exports, extras=extras, keep_bounces=True)) as source:
        notes = stage(source, Silence()).notes
        has = {
            relation: {name for name, *_ in source.warehouse.execute(f"describe {relation}")}
            for relation in EXTRAS
        }
        found = {
            relation: source.warehouse.execute(
                f"select {', '.join(f'{name}::varchar' for name in columns.split(', '))} "
                f"from {relation} order by id"
            )
            for relation, columns in EXTRAS.items()
            if set(columns.split(", ")) <= has[relation]
        }
    return found, notes


def test_on_they_are_staged_with_a_note_of_what_cannot_be_read(exports: Path) -> None:
    found, notes = staged(exports, extras=True)
    assert found == {
        "message": [("bounce", "2026-02-10 10:00:01"), ("campaign", "2026-02-10 10:05:02")],
        "ai_draft": [("sent", "send", "interested")],
        "background_job": [("2026-02-10 10:00:06", "FAILED", None, None)],
        "lead": [],
    }
    assert [note for note in notes if note.startswith(("Message", "BackgroundJob"))] == [
        "Message.csv has no sentByUserId, aiDraftId, aiDraftPartIndex; taken as null.",
        "Message.createdAt: unreadable timestamp (1), such as soon; taken as null.",
        "BackgroundJob.csv has no startedAt, finishedAt; taken as null.",
        "BackgroundJob.csv: column lastError stands there twice, as lastError and last_error; "
        "taken as null.",
        "BackgroundJob.attempts: unreadable whole number (1), such as half; taken as null.",
        "Message: 1 id, such as B, has rows that differ in source, createdAt alone, which no event "
        "needs; of each id the row with the least values is kept.",
    ]


def test_one_of_a_type_that_cannot_be_read_is_null_and_told(exports: Path) -> None:
    drafts = pl.read_csv(exports / "AIDraft.csv").with_columns(status=pl.lit([1]))
    drafts.write_parquet(exports / "AIDraft.parquet")
    (exports / "AIDraft.csv").unlink()
    found, notes = staged(exports, extras=True)
    assert [row[0] for row in found["ai_draft"]] == [None]
    assert (
        "AIDraft.parquet: column status (as status) is of type BIGINT[], which is no text; "
        "taken as null."
    ) in notes


def test_off_they_are_not_read(exports: Path) -> None:
    found, notes = staged(exports, extras=False)
    assert found == {}
    assert not [note for note in notes if "unreadable" in note or "twice" in note]


def test_the_last_error_is_cut(exports: Path) -> None:
    text = TABLES["BackgroundJob"].replace(",last_error", "").replace(",x\n", "\n")
    (exports / "BackgroundJob.csv").write_text(text, encoding="utf-8")
    [(*_, error)] = staged(exports, extras=True)[0]["background_job"]
    assert error == "é" * 200


def test_they_change_no_event_no_reject_and_no_count(exports: Path, tmp_path: Path) -> None:
    documents = [
        build(BuildOptions(exports, output=tmp_path / "events.parquet", extras=extras))
        for extras in (False, True)
    ]
    for document in documents:
        assert document["tables"]["Message"]["exactDuplicates"] == 1
        assert document["tables"]["BackgroundJob"]["rejected"] == {}
    assert documents[0]["contentDigest"] == documents[1]["contentDigest"]
    assert documents[0]["tables"] == documents[1]["tables"]
