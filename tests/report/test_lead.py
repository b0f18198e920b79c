"""The latest anchors of one lead, as `timingctl lead` lists them."""

from __future__ import annotations

from pathlib import Path

from tests.report.cases import says, write_events
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
