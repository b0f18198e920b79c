"""Booking outcomes: which response counts for a lead, and what became of the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.report.cases import reported
from timingctl.reports.sections import NAMES

#: One event at 10:00, answered by a setter at 10:01 (T); A = M = 30 days, so a lead that was
#: answered at T may book until 12 March 10:01 and is pending until then.
EVENT = "id | lead | in       | setter\nm1 | l1   | 10:00:00 | 10:01:00"


def outcome(folder: Path, leads: str | Path, events: str = EVENT, **options: Any) -> str:
    """The outcome of the only lead; `left out` when it has none."""
    found = reported(folder, events, leads, sections=("response-time",), **options)
    return named_outcome(found.document["responseTime"])


def named_outcome(buckets: Sequence[Mapping[str, Any]]) -> str:
    names = ("booked", "notBooked", "pending", "bookedNoTimestamp")
    found = [name for row in buckets for name in names for _ in range(row[name])]
    assert len(found) <= 1
    return found[0] if found else "left out"


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        # booked                    | cancelled  | status     | appointment
        ("                          |            |            |    ", "notBooked"),
        ("2026-02-10 09:59:59       |            |            |    ", "left out"),
        ("2026-02-10 10:01:00       |            |            |    ", "left out"),  # at T
        ("2026-02-10 10:01:00       | 2026-02-11 |            |    ", "left out"),
        ("2026-02-10 10:01:00.000001|            |            |    ", "booked"),
        ("2026-03-12 10:01:00       |            |            |    ", "booked"),  # T + 30 days
        ("2026-03-12 10:01:00.000001|            |            |    ", "notBooked"),
        ("2026-03-12 10:01:00.000001|            |            | uri", "notBooked"),
        ("2026-02-11                | 2026-02-12 |            |    ", "notBooked"),
        ("2026-02-11                |            | canceled   |    ", "notBooked"),
        ("2026-02-11                |            | Canceled   |    ", "notBooked"),
        ("2026-02-11                |            | confirmed  |    ", "booked"),
        ("                          |            |            | uri", "bookedNoTimestamp"),
        ("                          | 2026-02-12 |            | uri", "notBooked"),
        ("                          |            | canceled   | uri", "notBooked"),
    ],
)
def test_what_became_of_a_lead(tmp_path: Path, lead: str, expected: str) -> None:
    leads = f"id | booked | cancelled | status | appointment\nl1 | {lead}"
    assert outcome(tmp_path, leads) == expected


@pytest.mark.parametrize(
    "column", ["ghlAppointmentId", "calendlyInviteeUri", "calendlyScheduledEventUri"]
)
def test_any_of_the_three_ids_is_an_appointment(tmp_path: Path, column: str) -> None:
    leads = tmp_path / "Leads.csv"
    leads.write_text(f"id,appointmentBookedAt,{column}\nl1,,x\n")
    assert outcome(tmp_path, leads) == "bookedNoTimestamp"


@pytest.mark.parametrize(
    ("until", "booked", "expected"),
    [
        ("2026-03-12T10:01:00", "", "pending"),  # T = to − M exactly
        ("2026-03-12T10:01:00.000001", "", "notBooked"),
        ("2026-02-20T00:00:00", "2026-02-20 00:00:00", "booked"),  # at `to` exactly
        ("2026-02-20T00:00:00", "2026-02-20 00:00:00.000001", "pending"),
        ("2026-02-20T00:00:00", "", "pending"),
    ],
)
def test_the_window_s_end(tmp_path: Path, until: str, booked: str, expected: str) -> None:
    leads = f"id | booked\nl1 | {booked}"
    end = datetime.fromisoformat(until)
    assert outcome(tmp_path, leads, window_to=end) == expected


def test_the_as_of_ends_the_window_that_has_no_end(tmp_path: Path) -> None:
    events = EVENT.replace("setter", "setter | created").replace(
        "10:01:00", "10:01:00 | 2026-03-12 10:01:00"
    )
    assert outcome(tmp_path, "id | booked\nl1 | ", events) == "pending"


@pytest.mark.parametrize(
    ("days", "booked", "expected"),
    [
        ({"attribution_days": 1}, "2026-02-11 10:01:00", "booked"),
        ({"attribution_days": 1}, "2026-02-11 10:01:01", "notBooked"),
        ({"attribution_days": 1, "maturity_days": 400}, "", "pending"),
        ({"attribution_days": 0}, "2026-02-10 10:01:01", "notBooked"),
    ],
)
def test_the_days_can_be_chosen(
    tmp_path: Path, days: dict[str, Any], booked: str, expected: str
) -> None:
    assert outcome(tmp_path, f"id | booked\nl1 | {booked}", **days) == expected


def test_a_lead_that_the_lead_data_do_not_know_has_no_outcome(tmp_path: Path) -> None:
    found = reported(tmp_path, EVENT, "id | booked\nstranger | ", sections=["response-time"])
    assert named_outcome(found.document["responseTime"]) == "left out"
    assert found.document["responseTime"][1]["n"] == 1
    assert "No booking outcome for 1 lead with a response: not in the lead data." in found.notes


def counted(found: Sequence[Mapping[str, object]], name: str) -> dict[object, object]:
    return {row.get("bucket", row.get("key")): row[name] for row in found if row[name]}


def test_the_earliest_response_of_a_lead_counts(tmp_path: Path) -> None:
    """By the response's instant, not the inbound's: m2 came later and was answered sooner."""
    events = """
        id | lead | in       | setter
        m1 | l1   | 10:00:00 | 12:00:00
        m2 | l1   | 11:00:00 | 11:00:30
    """
    found = reported(tmp_path, events, "id | booked\nl1 | 2026-02-11", sections=["response-time"])
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}
    assert counted(found.document["responseTime"], "n") == {"<1min": 1, "1-4hr": 1}


@pytest.mark.parametrize("turned", [False, True])
def test_of_responses_at_one_instant_the_lesser_inbound_counts(
    tmp_path: Path, turned: bool
) -> None:
    header, *rows = """
        id | lead | in       | setter   | channel
        m2 | l1   | 10:00:00 | 11:00:00 | email
        m1 | l1   | 10:59:30 | 11:00:00 | sms
    """.strip().splitlines()
    events = "\n".join([header, *(reversed(rows) if turned else rows)])
    found = reported(tmp_path, events, "id | booked\nl1 | 2026-02-11", sections=["response-time"])
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}


def test_another_lead_s_response_at_an_instant_does_not_make_a_later_one_count(
    tmp_path: Path,
) -> None:
    events = """
        id | lead | in       | setter
        m1 | l1   | 10:00:00 | 11:00:00
        m2 | l1   | 10:00:00 | 10:00:30
        m3 | l2   | 10:00:00 | 11:00:00
    """
    found = reported(tmp_path, events, "id | booked\nl1 | 2026-02-11", sections=["response-time"])
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}


def test_no_other_response_of_a_tied_lead_counts_and_none_of_a_lead_without_ties(
    tmp_path: Path,
) -> None:
    """m1 came before the window, m2 was answered later; l2 was answered before it was at 11:00."""
    events = """
        id | lead | in       | setter
        m1 | l1   | 09:00:00 | 11:00:00
        m2 | l1   | 11:50:00 | 12:00:00
        m3 | l1   | 10:59:30 | 11:00:00
        m4 | l1   | 10:30:00 | 11:00:00
        m5 | l2   | 10:30:00 | 10:32:00
        m6 | l2   | 10:50:00 | 11:00:00
    """
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11\nl2 | 2026-02-11",
        window_from=datetime(2026, 2, 10, 10), sections=["response-time"],
    )  # fmt: skip
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1, "1-5min": 1}


def test_an_event_that_cannot_be_used_does_not_count_for_its_lead(tmp_path: Path) -> None:
    events = """
        id | lead | in       | setter
        m1 | l1   | soon     | 10:00:00
        m2 | l1   | 11:00:00 | 11:00:30
    """
    found = reported(tmp_path, events, "id | booked\nl1 | 2026-02-11", sections=["response-time"])
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}


def test_the_ai_is_one_responder_whoever_answered_after_it(tmp_path: Path) -> None:
    events = """
        lead | in       | ai       | setter   | by
        l1   | 10:00:00 | 10:05:00 | 11:00:00 | u1
        l2   | 10:00:00 | 10:05:00 | 11:00:00 | u2
    """
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11\nl2 | 2026-02-11", sections=["responders"]
    )
    assert [(row["key"], row["booked"]) for row in found.document["responders"]] == [("ai", 2)]


@pytest.mark.parametrize("filters", [{}, {"responders": ["user:"]}])
def test_a_setter_without_a_user_id_is_a_responder_too(
    tmp_path: Path, filters: dict[str, list[str]]
) -> None:
    """Other tables than the build's may hold such responses."""
    events = "lead | in | setter | by\nl1 | 10:00:00 | 10:05:00 | "
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11", **filters, sections=["responders"]
    )
    assert [(row["key"], row["booked"]) for row in found.document["responders"]] == [("user:", 1)]


def test_at_one_instant_the_setter_is_first(tmp_path: Path) -> None:
    events = """
        id | lead | in       | setter          | ai
        m1 | l1   | 10:00:00 | 10:05:00        | 10:05:00
        m2 | l2   | 10:00:00 | 10:05:00.000001 | 10:05:00
    """
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11\nl2 | ", sections=["overview", "responders"]
    )
    assert found.document["overview"]["firstBy"] == {"setter": 1, "ai": 1}
    assert counted(found.document["responders"], "booked") == {"user:u1": 1}
    assert counted(found.document["responders"], "notBooked") == {"ai": 1}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"user:u1": 1}),
        ({"channels": ["sms"]}, {}),  # l1's response that counts is on email
        ({"channels": ["email"]}, {"user:u1": 1}),
        ({"responders": ["ai"]}, {}),
        ({"responders": ["user:u1"]}, {"user:u1": 1}),
        ({"clients": ["K2"]}, {"ai": 1}),  # the client acts before the pick
    ],
)
def test_a_lead_stands_in_one_cell_only(
    tmp_path: Path, filters: dict[str, list[str]], expected: dict[str, int]
) -> None:
    events = """
        id | lead | client | channel | in       | setter   | ai
        m1 | l1   | K      | email   | 10:00:00 | 10:05:00 |
        m2 | l1   | K2     | sms     | 11:00:00 |          | 11:05:00
    """
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11", **filters, sections=["responders"]
    )
    assert counted(found.document["responders"], "booked") == expected


def test_an_event_before_the_window_does_not_count_for_its_lead(tmp_path: Path) -> None:
    events = """
        id | lead | in                  | setter
        m1 | l1   | 2026-02-09 23:59:59 | 2026-02-10 10:00:00
        m2 | l1   | 2026-02-10 00:00:00 | 2026-02-10 00:00:10
        m3 | l2   | 2026-02-10 23:59:59 | 2026-02-11 10:00:00
        m4 | l3   | 2026-02-11 00:00:00 | 2026-02-11 10:00:00
    """
    window = {"window_from": datetime(2026, 2, 10), "window_to": datetime(2026, 2, 11)}
    found = reported(
        tmp_path,
        events,
        "id | booked\nl1 | 2026-02-10 05:00:00",
        **window,
        sections=["overview", "response-time"],
    )
    assert found.document["overview"]["events"] == 2
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}
    assert found.document["window"] == {
        "from": "2026-02-10T00:00:00.000000Z",
        "to": "2026-02-11T00:00:00.000000Z",
    }


def test_an_event_before_the_window_answered_at_the_same_instant_does_not_count_either(
    tmp_path: Path,
) -> None:
    events = """
        id | lead | in       | setter   | channel
        m1 | l1   | 10:00:00 | 11:00:00 | sms
        m2 | l1   | 10:59:30 | 11:00:00 | email
    """
    window = {"window_from": datetime(2026, 2, 10, 10, 30)}
    found = reported(
        tmp_path, events, "id | booked\nl1 | 2026-02-11", **window, sections=["response-time"]
    )
    assert counted(found.document["responseTime"], "booked") == {"<1min": 1}


def test_a_rate_is_over_mature_leads(tmp_path: Path) -> None:
    """A = M = 30 days, to = 1 March. Counts stay as they were; l2 booked early: in no rate."""
    events = """
        id | lead | in                  | setter
        m1 | l1   | 2026-01-01 09:00:00 | 2026-01-01 09:00:30
        m2 | l2   | 2026-02-20 09:00:00 | 2026-02-20 09:00:30
        m3 | l3   | 2026-02-20 09:00:00 | 2026-02-20 09:00:30
        m4 | l4   | 2026-01-01 09:00:00 | 2026-01-01 09:00:30
    """
    leads = "id | booked\nl1 | 2026-01-09\nl2 | 2026-02-22\nl3 | \nl4 | "
    to = datetime(2026, 3, 1)
    options: dict[str, Any] = {"by": [["month"]], "sections": NAMES}
    document = reported(tmp_path, events, leads, window_to=to, **options).document
    row: Mapping[str, object] = document["responseTime"][0]
    intervals = {"bucket", "rateLow", "rateHigh"}
    assert {name: value for name, value in row.items() if name not in intervals} == {
        "n": 4, "booked": 2, "notBooked": 1, "pending": 1, "bookedNoTimestamp": 0,
        "bookedPending": 1, "eligible": 3, "mature": 2, "rate": 0.5,
    }  # fmt: skip
    assert [(month["period"], month["mature"], month["rate"]) for month in document["trend"]] == [
        ("2026-01-01", 2, 0.5),
        ("2026-02-01", 0, None),
    ]


@pytest.mark.parametrize(
    ("until", "early"),
    [("2026-03-12T10:01:00", 1), ("2026-03-12T10:01:00.000001", 0)],  # T = to − M, and before it
)
def test_a_booking_is_early_until_the_lead_is_mature(
    tmp_path: Path, until: str, early: int
) -> None:
    end = datetime.fromisoformat(until)
    row = reported(
        tmp_path, EVENT, "id | booked\nl1 | 2026-02-11", window_to=end, sections=["response-time"]
    ).document["responseTime"][1]
    assert (row["booked"], row["bookedPending"], row["mature"]) == (1, early, 1 - early)
    assert row["rate"] == (None if early else 1.0)
