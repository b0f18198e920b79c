"""Breakdowns: `--by` one dimension or two, with every measure, on small readable tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import timingctl
from tests.report.cases import reported, says, write_events
from tests.report.inboxes import reported_inbox
from timingctl.reports.header import header

#: Two setters and the AI; of m2 a setter came second, of m5 the AI.
EVENTS = """
    id | lead | client | channel | in               | setter           | by | ai               | min | max
    m1 | l1   | K1     | email   | 2026-02-09 09:00 | 2026-02-09 09:02 | u1 |                  |     |
    m2 | l1   | K1     | email   | 2026-02-10 09:00 | 2026-02-10 10:00 | u2 | 2026-02-10 09:04 | 180 | 420
    m3 | l2   | K1     | sms     | 2026-02-16 09:00 |                  |    | 2026-02-16 09:05 | 180 | 420
    m4 | l3   | K2     | sms     | 2026-02-16 15:00 | 2026-02-16 15:20 | u1 |                  |     |
    m5 | l4   | K2     | email   | 2026-02-17 15:00 | 2026-02-17 15:00:30 | u2 | 2026-02-17 15:03 | 60 | 60
"""  # noqa: E501


def by(folder: Path, *dimensions: str, **options: Any) -> Any:
    """The rows of the breakdown of EVENTS."""
    found = reported(folder, EVENTS, by=[dimensions], **options)
    return next(figures for _, figures in found.made())


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("client", "client | n\nK1 | 3\nK2 | 2"),
        ("channel", "channel | n\nemail | 3\nsms | 2"),
        ("setter", "setter | n\nuser:u1 | 2\nuser:u2 | 1"),
        ("responder", "responder | n\nai | 2\nuser:u1 | 2\nuser:u2 | 1"),
        ("first-responder", "firstResponder | n\nsetter | 3\nai | 2"),
        ("window", "window | n\n180-420 | 2\n60-60 | 1\n | 2"),
        ("weekday", "weekday | n\nMon | 3\nTue | 2"),
        ("hour", "hour | n\n09 | 3\n15 | 2"),
        ("day", "day | n\n2026-02-09 | 1\n2026-02-10 | 1\n2026-02-16 | 2\n2026-02-17 | 1"),
        ("week", "week | n\n2026-02-09 | 2\n2026-02-16 | 3"),
        ("month", "month | n\n2026-02-01 | 5"),
    ],
)
def test_each_dimension(tmp_path: Path, dimension: str, expected: str) -> None:
    """What has an order is in it, the rest by size; the total has all that is counted."""
    figures = by(tmp_path, dimension)
    says(figures["rows"], expected)
    assert figures["total"]["n"] == sum(row["n"] for row in figures["rows"])


def test_the_measures(tmp_path: Path) -> None:
    """Of first responses: m1 2 min, m2 4 min, m3 5 min, m4 20 min, m5 30 s."""
    figures = by(tmp_path, "client", targets=["1d", "5min", "1min"])
    says(figures["rows"], """
        client | n | p50Ms  | p90Ms   | meanMs | within1dShare | within5minShare | within1minShare
        K1     | 3 | 240000 | 288000  | 220000 | 1.0           | 1.0             | 0.0
        K2     | 2 | 615000 | 1083000 | 615000 | 1.0           | 0.5             | 0.5
    """)  # fmt: skip


def test_two_dimensions(tmp_path: Path) -> None:
    """The larger client first, in it the weeks in order."""
    says(by(tmp_path, "client", "week")["rows"], """
        client | week       | partial | n
        K1     | 2026-02-09 | True    | 2
        K1     | 2026-02-16 | False   | 1
        K2     | 2026-02-16 | False   | 2
    """)  # fmt: skip


def test_second_responses_count_where_they_are_asked_for(tmp_path: Path) -> None:
    """Setter u2 answered m2 an hour later, after the AI; m5 is u2's, and the AI came second."""
    says(by(tmp_path, "setter", responses="all")["rows"], """
        setter  | n | p50Ms
        user:u1 | 2 | 660000
        user:u2 | 2 | 1815000
    """)  # fmt: skip
    says(by(tmp_path, "responder", "first-responder", responses="all")["rows"], """
        responder | firstResponder | n
        ai        | setter         | 1
        ai        | ai             | 2
        user:u1   | setter         | 2
        user:u2   | setter         | 1
        user:u2   | ai             | 1
    """)  # fmt: skip


def test_how_long_after_the_response_leads_booked(tmp_path: Path) -> None:
    """l1 an hour after it, l3 at the very end of 30 days; l2 cancelled, l4 came too late."""
    leads = """
        id | booked              | cancelled
        l1 | 2026-02-09 10:02:00 |
        l2 | 2026-02-16 09:15:00 | 2026-02-17
        l3 | 2026-03-18 15:20:00 |
        l4 | 2026-04-30          |
    """
    found = reported(tmp_path, EVENTS, leads, by=[("responder",)], window_to=datetime(2026, 6, 1))
    figures = next(figures for _, figures in found.made())
    says(figures["rows"], """
        responder | booked | bookedAfterP50Ms
        ai        | 0      |
        user:u1   | 2      | 1297800000
        user:u2   | 0      |
    """)  # fmt: skip


def test_a_lead_s_outcome_stands_at_its_first_response(tmp_path: Path) -> None:
    """Lead l1 booked after m1; m2 is its second response, and has no outcome."""
    leads = "id | booked\nl1 | 2026-02-11\nl2 | \nl3 | \nl4 | 2026-02-20"
    found = reported(tmp_path, EVENTS, leads, by=[("responder",)], window_to=datetime(2026, 6, 1))
    figures = next(figures for _, figures in found.made())
    says(figures["rows"], """
        responder | n | booked | notBooked | mature | rate
        ai        | 2 | 0      | 1         | 1      | 0.0
        user:u1   | 2 | 1      | 1         | 2      | 0.5
        user:u2   | 1 | 1      | 0         | 1      | 1.0
    """)  # fmt: skip


def test_cancelled_bookings_count_where_any_does(tmp_path: Path) -> None:
    leads = "id | booked | cancelled\nl1 | 2026-02-11 | 2026-02-12\nl4 | 2026-02-20 |"
    rates = {}
    for bookings in ("kept", "any"):
        found = reported(
            tmp_path, EVENTS, leads, by=[("client",)], bookings=bookings,
            window_to=datetime(2026, 6, 1),
        )  # fmt: skip
        assert ("Bookings: cancelled ones count." in header(found)) == (bookings == "any")
        [(_, figures)] = found.made()
        rates[bookings] = {row["client"]: row["rate"] for row in figures["rows"]}
    assert rates == {"kept": {"K1": 0.0, "K2": 1.0}, "any": {"K1": 1.0, "K2": 1.0}}


def test_only_the_first_and_the_last_period_are_partial(tmp_path: Path) -> None:
    """From Monday on, to a Wednesday: the last week is cut, the first is not."""
    asked = {"window_from": datetime(2026, 2, 9, 9), "window_to": datetime(2026, 2, 18)}
    assert [row["partial"] for row in by(tmp_path, "week", **asked)["rows"]] == [True, True]
    events = EVENTS + "    m0 | l0 | K1 | sms | 2026-02-08 09:00 | 2026-02-08 09:02 | u1 | | |\n"
    found = reported(
        tmp_path, events, by=[("week",)],
        window_from=datetime(2026, 2, 9), window_to=datetime(2026, 2, 18),
    )  # fmt: skip
    [(_, figures)] = found.made()
    assert [row["partial"] for row in figures["rows"]] == [False, True]


def test_two_periods_are_partial_where_the_time_in_both_is(tmp_path: Path) -> None:
    """To a Wednesday: of February there is a part, of its week from the 9th all."""
    asked: dict[str, Any] = {
        "window_from": datetime(2026, 2, 9),
        "window_to": datetime(2026, 2, 18),
    }
    events = EVENTS + "    m0 | l0 | K1 | sms | 2026-02-08 09:00 | 2026-02-08 09:02 | u1 | | |\n"
    for dimensions in (("week", "month"), ("month", "week")):
        found = reported(tmp_path, events, by=[dimensions], **asked)
        [(section, figures)] = found.made()
        says(
            figures["rows"],
            "week | month | partial\n2026-02-09 | 2026-02-01 | False\n"
            "2026-02-16 | 2026-02-01 | True",
        )
        columns = section.columns(figures, found.about)
        assert [columns.count(name) for name in (*dimensions, "partial")] == [1, 1, 1]


@pytest.mark.parametrize("sort", ["open", "rate", "wrote-back", "p90", "key"])
def test_sorting_by_what_no_group_has_is_told(tmp_path: Path, sort: str) -> None:
    notes = reported(tmp_path, EVENTS, by=[("setter",)], sort=sort).notes
    told = f"by-setter: not sorted by {sort}, which no group has." in notes
    assert told == (sort in {"open", "rate", "wrote-back"})


@pytest.mark.parametrize("sort", ["rate", "booked"])
def test_sorting_by_what_is_null_in_all_groups_is_told(tmp_path: Path, sort: str) -> None:
    """Nobody who answers is in the lead data, so that no group has a rate."""
    leads = "id | booked\nl9 | 2026-02-11"
    notes = reported(tmp_path, EVENTS, leads, by=[("client",)], sort=sort).notes
    assert (f"by-client: not sorted by {sort}, which no group has." in notes) == (sort == "rate")


def test_order_limits_and_what_they_hide(tmp_path: Path) -> None:
    slowest = by(tmp_path, "day", sort="p50", top=2)
    says(slowest["rows"], "day | p50Ms\n2026-02-16 | 750000\n2026-02-10 | 240000")
    fastest = by(tmp_path, "day", sort="p50", top=1, ascending=True)
    says(fastest["rows"], "day | p50Ms\n2026-02-17 | 30000")
    assert slowest["hidden"] == {"groups": 2, "responses": 2}
    assert len(by(tmp_path, "day", top=2)["rows"]) == 4  # in order: the first are the oldest
    large = reported(tmp_path, EVENTS, by=[("day",)], min_n=2)
    [(_, figures)] = large.made()
    says(figures["rows"], "day | n\n2026-02-16 | 2")
    assert figures["total"]["n"] == 5
    assert "by-day: --min-n 2 hides 3 of 4 groups; they are in the total." in large.notes[-1]


TABLES = {
    "Message": """
        id | leadId | channel | direction | sentAt   | sentBy | sentByUserId
        a  | l1     | email   | inbound   | 09:00:00 |        |
        b  | l1     | email   | outbound  | 09:02:00 | setter | u1
        c  | l1     | email   | inbound   | 09:30:00 |        |
        d  | l2     | sms     | inbound   | 10:00:00 |        |
        e  | l2     | sms     | outbound  | 10:01:00 | setter | u1
        f  | l3     | sms     | inbound   | 10:30:00 |        |
        g  | l3     | sms     | inbound   | 10:45:00 |        |
    """,
    "Lead": "id | clientId | emailCampaignId\nl1 | K1 | c1\nl2 | K1 | c2\nl3 | K2 | c2",
    "EmailCampaign": """
        id | name   | responseMode
        c1 | Spring | SETTER_MANAGED
        c2 |        | SETTER_MANAGED
    """,
}


def test_an_inbox_tells_what_is_open(tmp_path: Path) -> None:
    """As of 10:45: l1 has waited since 9:30, l3 since 10:30."""
    found = reported_inbox(tmp_path, TABLES, by=[("campaign",), ("client",), ("setter",)])
    campaigns, clients, setters = (figures for _, figures in found.made())
    says(campaigns["rows"], """
        campaign | campaignName | n | open | longestOpenMs
        c1       | Spring       | 1 | 1    | 4500000
        c2       |              | 1 | 1    | 900000
    """)  # fmt: skip
    says(clients["rows"], """
        client | n | open
        K1     | 2 | 1
        K2     | 0 | 1
    """)  # fmt: skip
    # Nobody has answered what is open.
    assert "open" not in setters["total"]
    assert clients["total"]["open"] == 2


def test_who_wrote_back_within_7_days_of_those_who_could(tmp_path: Path) -> None:
    """As of 20 February: l1 wrote on the next day, l2 after eight, l3 not; l4 may still."""
    message = """
        id | leadId | direction | sentAt              | sentBy | sentByUserId
        a1 | l1     | in        | 2026-02-01 09:00:00 |        |
        a2 | l1     | out       | 2026-02-01 09:01:00 | setter | u1
        a3 | l1     | in        | 2026-02-02 09:00:00 |        |
        b1 | l2     | in        | 2026-02-01 09:00:00 |        |
        b2 | l2     | out       | 2026-02-01 09:01:00 | setter | u1
        b3 | l2     | in        | 2026-02-09 09:00:00 |        |
        c1 | l3     | in        | 2026-02-01 09:00:00 |        |
        c2 | l3     | out       | 2026-02-01 09:01:00 | setter | u1
        d1 | l4     | in        | 2026-02-15 09:00:00 |        |
        d2 | l4     | out       | 2026-02-15 09:01:00 | setter | u1
        d3 | l4     | in        | 2026-02-16 09:00:00 |        |
    """
    lead = "id | clientId\nl1 | K\nl2 | K\nl3 | K\nl4 | K"
    as_of = datetime(2026, 2, 20, tzinfo=UTC)
    found = reported_inbox(
        tmp_path, {"Message": message, "Lead": lead}, build={"as_of": as_of}, by=[("client",)]
    )
    [(_, figures)] = found.made()
    [row] = figures["rows"]
    assert (row["leads"], row["followed"], row["wroteBack"]) == (4, 3, 1)
    assert row["wroteBackShare"] == pytest.approx(1 / 3)


def test_the_command(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    shown = timingctl("report", events, "--by", "client,week", "--by", "hour", "--target", "90s")
    assert shown.code == 0
    assert "By client and week from, the first response" in shown.out
    assert "≤ 90s" in shown.out
    data = json.loads(timingctl("report", events, "--by", "client,week", "--json").out)
    assert data["byClientWeek"]["by"] == ["client", "week"]
    assert "overview" not in data
    lines = timingctl(
        "report", events, "--by", "first-responder", "--format", "csv"
    ).out.splitlines()
    assert lines[0].startswith("section,firstResponder,n,p50Ms,p90Ms,meanMs,within1minShare")
    assert lines[1].startswith("by-first-responder,setter,3,")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--by", "colour"], "by cannot be 'colour'; give one of client, channel"),
        (["--by", "client,week,hour"], "--by takes 2 dimensions at most"),
        (["--by", "week,week"], "--by names week twice"),
        (["--by", "client", "--target", "0"], "'0' is no duration; write 90s"),
        (["--by", "client", "--target", "0d"], "'0d' is no duration"),
        (["--by", "client", "--target", "5 minutes"], "is no duration"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, arguments: list[str], says: str) -> None:
    refused = timingctl("report", write_events(tmp_path / "events.csv", EVENTS), *arguments)
    assert refused.code == 2
    assert says in " ".join(refused.err.split())


def test_a_campaign_needs_an_inbox(tmp_path: Path) -> None:
    refused = timingctl("report", write_events(tmp_path / "events.csv", EVENTS), "--by", "campaign")
    assert refused.code == 10
    assert "--by campaign needs an inbox" in refused.err
