"""The latest anchors of one lead and its open waits, as `timingctl lead` lists them."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

import timingctl
from tests.bad_input.tool import timingctl as command
from tests.report.cases import says, write_events
from tests.tables import build_once, write_exports
from timingctl.errors import InputError
from timingctl.reports.lead import Anchor, LeadOptions, lead_anchors, lead_grids


def listed(folder: Path, events: str, limit: int = 9, names: str = "") -> list[Anchor]:
    (folder / "names.csv").write_text(f"userId,name\n{names}")
    path = write_events(folder / "events.csv", events)
    return lead_anchors(LeadOptions(path, "l1", limit, folder / "names.csv")).document["anchors"]


def test_the_latest_first_in_each_channel_and_at_one_instant_the_greater_id(tmp_path: Path) -> None:
    events = """
        id | lead | channel | in
        m4 | l1   | sms     | 09:00:00
        m2 | l1   | email   | 10:00:00
        m3 | l1   | email   | 10:00:00
        m1 | l1   | email   | 11:00:00
        m6 | l1   | email   | 09:00:00
        m5 | l1   | email   | 09:00:00
        m9 | l2   | email   | 12:00:00
    """
    says(listed(tmp_path, events), """
        channel | inboundMessageId
        email   | m1
        email   | m3
        email   | m2
        email   | m6
        email   | m5
        sms     | m4
    """)  # fmt: skip
    says(listed(tmp_path, events, limit=2), """
        channel | inboundMessageId
        email   | m1
        email   | m3
        sms     | m4
    """)  # fmt: skip


def test_what_answered_an_anchor_and_after_how_long(tmp_path: Path) -> None:
    events = """
        id | lead | in              | setter   | by | ai              | due      | chosen | actual
        m1 | l1   | 10:00:00.000500 | 10:00:01 | u1 | 10:05:12.000499 | 10:05:00 | 300    | 311
        m2 | l1   | 09:00:00        | 09:00:02 | u2 | 09:03:58        | 09:04:00 | 240    | 238
        m3 | l1   | 08:00:00        |          |    |                 |          |        |
        m4 | l1   | 07:00:00        |          |    | 07:04:59.999500 | 07:05:00 | 300    | 299
    """
    says(listed(tmp_path, events, names="u1,Ann\n"), """
        inboundMessageId | setterUserId | setter | setterResponseMs | aiResponseMs | driftMs
        m1               | u1           | Ann    | 999              | 311999       | 12000
        m2               | u2           | u2     | 2000             | 238000       | -2000
        m3               |              |        |                  |              |
        m4               |              |        |                  | 299999       | -1
    """)  # fmt: skip


def test_an_event_that_cannot_be_used_is_not_listed(tmp_path: Path) -> None:
    events = "id | lead | in\nm1 | l1 | 10:00:00\nm2 | l1 | soon"
    says(listed(tmp_path, events), "inboundMessageId\nm1")


def test_of_many_channels_those_with_the_latest_anchors_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"m{22 - n:02} | l1 | c{n:02} | 10:{n:02}:00\n" for n in range(22))
    path = write_events(tmp_path / "events.csv", f"id | lead | channel | in\n{rows}")
    lead = lead_anchors(LeadOptions(path, "l1", 9))
    assert [row["channel"] for row in lead.document["anchors"]] == [
        f"c{n:02}" for n in range(2, 22)
    ]
    assert "The lead has 22 channels; the 20 with the latest anchors are shown." in lead.notes
    assert [grid.title for grid in lead_grids(lead)] == [f"c{n:02}" for n in range(2, 22)]
    few = write_events(tmp_path / "few.csv", "id | lead | in\nm1 | l1 | 10:00:00")
    assert not any("channels" in note for note in lead_anchors(LeadOptions(few, "l1", 9)).notes)


def test_of_channels_at_one_instant_those_with_the_greater_ids_are_shown(tmp_path: Path) -> None:
    """The ids from m0 to m21, in no order; m0 and m1 are c00 and c19."""
    rows = "".join(f"m{n * 7 % 22:02} | l1 | c{n:02} | 10:00:00\n" for n in range(22))
    anchors = listed(tmp_path, f"id | lead | channel | in\n{rows}")
    assert [row["channel"] for row in anchors] == [
        f"c{n:02}" for n in range(22) if n not in {0, 19}
    ]


#: As of 12:00 ann waits by email and was answered by SMS; a campaign ends no wait of bea's, who
#: wrote in two channels at one instant. A campaign alone wrote to cid, and nobody to cis.
INBOX = {
    "Message": """
        id | leadId | channel  | direction | sentAt   | sentBy | sentByUserId
        a1 | ann    | email    | in        | 09:00:00 |        |
        a2 | ann    | email    | in        | 09:30:00 |        |
        a3 | ann    | sms      | in        | 10:00:00 |        |
        a4 | ann    | sms      | out       | 10:05:00 | setter | mia
        b1 | bea    | email    | in        | 11:00:00 |        |
        b2 | bea    | email    | out       | 11:01:00 |        |
        b3 | bea    | linkedin | in        | 11:00:00 |        |
        b4 | bea    | sms      | in        | 11:30:00 |        |
        b5 | bea    | sms      | in        | 12:30:00 |        |
        c1 | cid    | email    | out       | 12:00:00 |        |
        d1 | dan    | sms      | in        | 12:10:00 |        |
        e1 | eve    | sms      | in        | 08:00:00 |        |
        e2 | eve    | sms      | out       | 08:05:00 | setter | mia
    """,
    "Lead": "id | clientId\nann | K\nbea | K\ncid | K\ncis | K\ndan | K\neve | K",
}


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    as_of = datetime(2026, 2, 10, 12, tzinfo=UTC)
    return build_once(tmp_path, INBOX, "inbox.duckdb", as_of=as_of)


def test_open_waits_are_those_of_the_list_of_who_waits(inbox: Path) -> None:
    told = [
        {"leadId": lead, **wait}
        for lead in ("ann", "bea", "dan", "eve")
        for wait in timingctl.lead(inbox, lead).document["openWaits"] or []
    ]
    says(told, """
        leadId | channel  | messageId | waitingSince                | waitMs   | inbounds
        ann    | email    | a1        | 2026-02-10T09:00:00.000000Z | 10800000 | 2
        bea    | email    | b1        | 2026-02-10T11:00:00.000000Z | 3600000  | 1
        bea    | linkedin | b3        | 2026-02-10T11:00:00.000000Z | 3600000  | 1
        bea    | sms      | b4        | 2026-02-10T11:30:00.000000Z | 1800000  | 2
        dan    | sms      | d1        | 2026-02-10T12:10:00.000000Z | 0        | 1
    """)  # fmt: skip
    listed = timingctl.list_leads(inbox, "open").document["rows"]
    shared = ("leadId", "channel", "messageId", "waitingSince", "waitMs")
    assert [[row[name] for name in shared] for row in told] == [
        [row[name] for name in shared] for row in listed
    ]


def test_a_lead_whom_nobody_answered_is_found_by_the_beginning_of_its_id(inbox: Path) -> None:
    found = timingctl.lead(inbox, "d")
    assert found.notes == ["d is the beginning of dan, and of no other lead."]
    assert (found.document["leadId"], found.document["anchors"]) == ("dan", [])
    assert found.document["asOf"] == "2026-02-10T12:00:00.000000Z"


def test_leads_are_known_where_exports_have_no_lead_table(tmp_path: Path) -> None:
    known = build_once(tmp_path, INBOX | {"Lead": None}, "inbox.duckdb", client="K")
    assert timingctl.lead(known, "da").document["leadId"] == "dan"


def test_waits_are_a_table_after_the_channels(inbox: Path) -> None:
    shown = command("lead", inbox, "ann").out
    assert [" ".join(line.split()) for line in shown.splitlines() if "──" not in line] == [
        "",
        "sms",
        "Inbound Setter After AI after Chosen Actual Drift",
        "2026-02-10 10:00:00Z mia 5m00s – – – –",
        "",
        "Waits for an answer, as of 2026-02-10 12:00:00Z",
        "Channel Since Wait Inbounds Message",
        "email 2026-02-10 09:00:00Z 3h00m 2 a1",
    ]
    assert "Waits" not in command("lead", inbox, "eve").out


def test_exports_tell_of_waits_and_a_file_of_events_does_not(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports", INBOX)
    assert len(timingctl.lead(exports, "bea").document["openWaits"] or []) == 3
    with pytest.raises(InputError, match=f"^No lead in {re.escape(str(exports))} has the id zoe, "):
        timingctl.lead(exports, "zoe")
    timingctl.build(exports, tmp_path / "events.parquet")
    assert timingctl.lead(tmp_path / "events.parquet", "eve").document["openWaits"] is None
    assert timingctl.lead(exports, "eve").document["openWaits"] == []


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        ("cid", "The lead cid has no event and no open wait in {inbox}. Usable messages from the "
                "lead: 0; to the lead: 1."),
        ("cis", "The lead cis has no event and no open wait in {inbox}. Usable messages from the "
                "lead: 0; to the lead: 0."),
        ("c", "Several leads start with c: cid, cis. Give more of the id."),
        ("zoe", "No lead in {inbox} has the id zoe, or one that starts so."),
    ],
)  # fmt: skip
def test_a_lead_with_nothing_to_show(inbox: Path, lead: str, why: str) -> None:
    with pytest.raises(InputError) as error:
        timingctl.lead(inbox, lead)
    assert str(error.value) == why.format(inbox=inbox)


def test_a_lead_whose_events_are_of_another_time(tmp_path: Path) -> None:
    late = build_once(tmp_path, INBOX, "late.duckdb", since=datetime(2026, 2, 10, 9, tzinfo=UTC))
    with pytest.raises(InputError) as error:
        timingctl.lead(late, "eve")
    assert str(error.value) == (
        f"The lead eve has no event and no open wait in {late}. Usable messages from the lead: 1; "
        "to the lead: 1. Its events are outside --since and --until of the build."
    )


def test_who_asks_to_explain_a_lead_is_told_how_to_see_it(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "the exports", INBOX)
    done = command("explain", exports, "bea")
    assert (done.code, done.out) == (11, "")
    assert done.err == (
        "Error: bea is a lead, not a message; see it by: "
        f"timingctl lead {shlex.quote(str(exports))} bea\n"
    )
