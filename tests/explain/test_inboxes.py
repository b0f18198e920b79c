"""The story that an inbox tells, of the rows of one lead: the one that its exports tell."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import timingctl
from tests.cases import FIXTURES
from tests.tables import inbox

#: What leads have to do with each other: ann's message names a draft that was made for bob, and
#: bob's names ann's; a job of cat is about a message of ann.
ACROSS = {
    "Message": """
        id | leadId | sentAt   | direction | sentBy | sentByUserId | aiDraftId
        a1 | ann    | 10:00:00 | in        |        |              |
        a2 | ann    | 10:02:00 | out       | ai     |              | d2
        a3 | ann    | 10:05:00 | out       | setter | mia          |
        b1 | bob    | 10:01:00 | in        |        |              |
        b2 | bob    | 10:03:00 | out       | ai     |              | d1
        b3 | bob    | 10:04:00 | out       | ai     |              | d2
        c1 | cat    | 11:00:00 | in        |        |              |
    """,
    "AIDraft": """
        id | triggerMessageId | createdAt
        d1 | a1               | 10:00:05
        d2 | b1               | 10:01:05
        d3 | a1               | 10:00:06
    """,
    "BackgroundJob": """
        id | messageId | draftId | leadId | runAt    | createdAt
        j1 | a1        | d1      | ann    | 10:02:00 | 10:00:05
        j2 | a1        | d2      | cat    | 10:02:30 | 10:00:07
        j3 | b1        | d2      | bob    | 10:03:00 | 10:01:05
        j4 | c1        | d3      | cat    | 11:02:00 | 11:00:05
    """,
    "Lead": """
        id  | clientId
        ann | acme
        bob | acme
        cat | other
    """,
}


@pytest.mark.wide
def test_leads_that_share_drafts(tmp_path: Path) -> None:
    inbox(tmp_path, ACROSS)
    for message in ("a1", "a2", "a3", "b1", "b2", "b3", "c1"):
        assert (
            timingctl.explain(tmp_path / "inbox.duckdb", message).document
            == timingctl.explain(tmp_path / "exports", message).document
        ), message


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", ["drafts", "tour", "no_lead_table"])
def test_fixtures(name: str, thorough: bool, tmp_path: Path) -> None:
    """Every third message if there are hours, else a few."""
    client = "acme" if name == "no_lead_table" else None
    exports, path = FIXTURES / name, tmp_path / "inbox.duckdb"
    timingctl.build(exports, path, client=client)
    with duckdb.connect(path, read_only=True) as connection:
        ids = [one for (one,) in connection.execute('select id from "Message"').fetchall()]
    for message in ids[:: 3 if thorough else 9]:
        told = timingctl.explain(path, message).document
        assert told == timingctl.explain(exports, message, client=client).document, message


def test_the_beginning_of_an_id_and_an_id_that_is_none(tmp_path: Path) -> None:
    inbox(tmp_path, {**ACROSS, "Message": ACROSS["Message"].replace("c1", "cat-1")})
    path = tmp_path / "inbox.duckdb"
    assert timingctl.explain(path, "ca").document["messageId"] == "cat-1"
    with pytest.raises(timingctl.InputError, match="no message 'a'; did you mean"):
        timingctl.explain(path, "a")
    with pytest.raises(timingctl.InputError, match="no message 'cat-2'; did you mean 'cat-1'"):
        timingctl.explain(path, "cat-2")


def test_windows_that_are_inferred_are_of_all_jobs(tmp_path: Path) -> None:
    exports, path = FIXTURES / "tour", tmp_path / "inbox.duckdb"
    timingctl.build(exports, path, delay_windows="current")
    of_inbox, of_exports = (
        timingctl.explain(source, "msg-002", delay_windows="infer").document["window"]
        for source in (path, exports)
    )
    assert of_inbox
    assert of_inbox == of_exports


def test_what_the_build_left_out(tmp_path: Path) -> None:
    """Its rows stand in Reject alone; an id that is one is never the beginning of another."""
    messages = ACROSS["Message"].rstrip() + """
        x  | ann    | soon     | in        |        |              |
        y  | ann    | 10:07:00 | in        |        |              |
        y  | ann    | 10:08:00 | in        |        |              |
        a1 | ann    | 10:00:00 | sideways  |        |              |
        c  | cat    | 11:00:00 | sideways  |        |              |
    """  # fmt: skip
    inbox(tmp_path, {**ACROSS, "Message": messages})
    path, exports = tmp_path / "inbox.duckdb", tmp_path / "exports"
    for message in ("x", "a1", "c"):
        told = timingctl.explain(path, message).document
        assert told == timingctl.explain(exports, message).document
        assert told["rejects"]
    because = timingctl.explain(path, "y").document["because"]
    assert because == [
        "Left out of every build:",
        "Message.csv, row 9: different rows under one id.",
        "Message.csv, row 10: different rows under one id.",
    ]
