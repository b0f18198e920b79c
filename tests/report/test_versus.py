"""Comparisons: the figures of two times or inboxes side by side, and whether they may be chance."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bad_input.tool import timingctl
from tests.cases import FIXTURES
from tests.report.cases import reported, says, write_events
from tests.report.inboxes import reported_inbox
from timingctl.clocks.said_times import SaidTime
from timingctl.reports.options import Compared
from timingctl.reports.sides import Estimate, _Spread, clustered_share, standard_error
from timingctl.reports.statistics import wilson
from timingctl.reports.versus import difference

PREVIOUS = Compared("the time before")

#: Two weeks of three leads: slow in the first, fast in the second.
EVENTS = """
    lead | client | in               | setter
    l1   | K1     | 2026-02-02 09:00 | 2026-02-02 10:00
    l2   | K1     | 2026-02-03 09:00 | 2026-02-03 10:10
    l3   | K2     | 2026-02-04 09:00 | 2026-02-04 10:20
    l1   | K1     | 2026-02-09 09:00 | 2026-02-09 09:01
    l2   | K1     | 2026-02-10 09:00 | 2026-02-10 09:02
    l3   | K2     | 2026-02-11 09:00 | 2026-02-11 09:03
"""


def rows(folder: Path, versus: Compared, **options: Any) -> Any:
    found = reported(folder, EVENTS, versus=versus, targets=["5min"], **options)
    return next(figures for section, figures in found.made() if section.name == "versus")


def test_the_time_before_is_as_long_as_the_window(tmp_path: Path) -> None:
    window = {"window_from": datetime(2026, 2, 9), "window_to": datetime(2026, 2, 16)}
    figures = rows(tmp_path, PREVIOUS, **window)
    assert figures["other"]["window"] == {
        "from": "2026-02-02T00:00:00.000000Z", "to": "2026-02-09T00:00:00.000000Z",
    }  # fmt: skip
    says(figures["rows"], """
        measure         | here   | there   | difference | finding
        n               | 3      | 3       | 0          |
        p50Ms           | 120000 | 4200000 | -4080000   | too few to say
        p90Ms           | 168000 | 4680000 | -4512000   | too few to say
        within5minShare | 1.0    | 0.0     | 1          | higher
    """)  # fmt: skip


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("responder", ["setter", "ai"])
def test_both_sides_are_followed_alike(tmp_path: Path, responder: str) -> None:
    """As of the 17th at noon: an answer on the 10th at 13:00 came when the 17th's cannot have."""
    events = f"""
        lead | in               | {responder}      | created
        l1   | 2026-02-10 09:00 | 2026-02-10 09:10 | 2026-02-17 12:00:00
        l2   | 2026-02-10 09:00 | 2026-02-10 12:00 | 2026-02-17 12:00:00
        l3   | 2026-02-10 09:00 | 2026-02-10 13:00 | 2026-02-17 12:00:00
        l4   | 2026-02-17 09:00 | 2026-02-17 09:10 | 2026-02-17 12:00:00
    """
    other = Compared("another time", None, datetime(2026, 2, 10), datetime(2026, 2, 11))
    found = reported(tmp_path, events, versus=other, window_from=datetime(2026, 2, 17))
    [(_, figures)] = found.made()
    rows = {row["measure"]: (row["here"], row["there"]) for row in figures["rows"]}
    assert rows["n"] == (1, 2)
    assert rows["p50Ms"] == (600_000, 5_700_000)
    # What came later has had less time, and is not cut.
    later = Compared("another time", None, datetime(2026, 2, 17), datetime(2026, 2, 18))
    found = reported(
        tmp_path, events, versus=later,
        window_from=datetime(2026, 2, 10), window_to=datetime(2026, 2, 11),
    )  # fmt: skip
    [(_, figures)] = found.made()
    assert (figures["rows"][0]["here"], figures["rows"][0]["there"]) == (3, 1)


def test_findings_of_groups_are_told_too(tmp_path: Path) -> None:
    """Ten leads of K1 were fast and are slow; of K2 nothing has changed."""
    days = range(10)
    lines = [
        f"l{lead} | {client} | 2026-02-{day:02} 09:00 | 2026-02-{day:02} 09:{minutes:02}"
        for lead in days
        for client, day, minutes in (
            ("K1", 2, 1 + lead % 3), ("K1", 9, 40 + lead % 3),
            ("K2", 2, 5 + lead % 3), ("K2", 9, 5 + lead % 3),
        )
    ]  # fmt: skip
    events = write_events(
        tmp_path / "events.csv", "\n".join(["lead | client | in | setter", *lines])
    )
    shown = timingctl(
        "report", events, "--by", "client", "--target", "5min",
        "--from", "2026-02-09", "--to", "2026-02-16", "--versus", "previous",
    ).out  # fmt: skip
    words = shown.partition("In words")[2]
    assert "K1: The median response is 39m00s slower: 41m00s here, 2m00s there" in words
    assert "K2: " not in words


def test_an_empty_side_is_told(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    done = timingctl("report", events, "--versus", "2020-01-01..2020-02-01")
    assert "Note: versus: another time has no responses." in done.err
    assert "In words" not in done.out
    assert timingctl("report", events, "--from", "0001-01-01", "--versus", "previous").code == 10


def test_a_side_of_no_time_says_why_it_is_empty(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    done = timingctl("report", events, "--versus", "2026-02-02..2026-02-01")
    assert (
        "Note: versus: its start (2026-02-02T00:00:00.000000Z) is not before its end "
        "(2026-02-01T00:00:00.000000Z).\n"
    ) in done.err


def test_what_is_odd_on_the_other_side_is_told(tmp_path: Path) -> None:
    """Of events, and of exports that are built first; once, where both sides say the same."""
    here, there = (write_events(tmp_path / name, EVENTS) for name in ("here.csv", "there.csv"))
    lines = there.read_text().splitlines()
    there.write_text("\n".join([*lines, lines[1]]) + "\n")
    done = timingctl("report", here, "--versus", there)
    assert "Note: versus: there.csv: exact duplicates left out: 1.\n" in done.err
    assert done.err.count("No booking outcomes") == 1
    assert (
        timingctl("report", here, "--versus", "previous", "--from", "2026-02-10").err.count(
            "No booking outcomes"
        )
        == 1
    )
    done = timingctl("report", here, "--versus", FIXTURES / "no_campaign_table", "--allow-rejects")
    assert "Note: versus: There is no EmailCampaign: " in done.err


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("word", "zone", "since", "until"),
    [
        # As of Tuesday, 31 March 2026, 10:00 UTC; in Berlin the clocks went forward on the 29th.
        ("this-week", "UTC", "2026-03-23T00:00", "2026-03-24T10:00"),
        ("this-week", "Europe/Berlin", "2026-03-22T23:00", "2026-03-24T11:00"),
        ("last-week", "UTC", "2026-03-16T00:00", "2026-03-23T00:00"),
        ("last-week", "Europe/Berlin", "2026-03-15T23:00", "2026-03-22T23:00"),
        ("yesterday", "UTC", "2026-03-29T00:00", "2026-03-30T00:00"),
        ("this-month", "UTC", "2026-02-01T00:00", "2026-02-28T10:00"),
        ("last-month", "UTC", "2026-01-01T00:00", "2026-02-01T00:00"),
    ],
)
def test_before_a_period_is_the_one_before_it(
    tmp_path: Path, word: str, zone: str, since: str, until: str
) -> None:
    """Up to the same time in it, on the clock; a month that is shorter ends with its last day."""
    events = "in | setter | created\n2026-01-01 09:00 | 2026-01-01 09:01 | 2026-03-31 10:00:00"
    found = reported(tmp_path, events, versus=PREVIOUS, window_from=SaidTime(word), zone=zone)
    [(_, figures)] = found.made()
    assert figures["other"]["window"] == {
        "from": f"{since}:00.000000Z", "to": f"{until}:00.000000Z",
    }  # fmt: skip


def test_another_period_in_words(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    asked = ("report", events, "--from", "2026-02-09", "--versus", "last-week", "--json")
    other = json.loads(timingctl(*asked).out)["versus"]["other"]
    assert other["name"] == "last-week"


def test_groups_of_breakdowns_stand_side_by_side(tmp_path: Path) -> None:
    """A group that is on one side alone has no difference."""
    window = {"window_from": datetime(2026, 2, 9), "window_to": datetime(2026, 2, 11)}
    other = Compared("another time", None, datetime(2026, 2, 2), datetime(2026, 2, 5))
    figures = rows(tmp_path, other, by=[("client",)], **window)
    told = [row for row in figures["rows"] if row["measure"] in {"n", "p50Ms"}]
    says(told, """
        by     | key | group | measure | here  | there   | difference
               |     |       | n       | 2     | 3       | -1
               |     |       | p50Ms   | 90000 | 4200000 | -4110000
        client | K1  | K1    | n       | 2     | 2       | 0
        client | K1  | K1    | p50Ms   | 90000 | 3900000 | -3810000
        client | K2  | K2    | n       | 0     | 1       | -1
        client | K2  | K2    | p50Ms   |       | 4800000 |
    """)  # fmt: skip


def test_groups_are_compared_that_the_breakdown_shows(tmp_path: Path) -> None:
    """In its order; then those that are large there alone. The AI's responses are of no setter."""
    events = write_events(tmp_path / "events.csv", """
        lead | in               | setter           | by   | ai
        l1   | 2026-02-02 09:00 | 2026-02-02 10:00 | u1   |
        l2   | 2026-02-02 09:00 | 2026-02-02 10:00 | u4   |
        l3   | 2026-02-02 09:00 | 2026-02-02 10:00 | u4   |
        l1   | 2026-02-09 09:00 | 2026-02-09 09:01 | u1   |
        l2   | 2026-02-09 09:00 | 2026-02-09 09:02 | u2   |
        l3   | 2026-02-09 09:00 | 2026-02-09 09:03 | u3   |
        l4   | 2026-02-09 09:00 |                  |      | 2026-02-09 09:04
    """)  # fmt: skip
    asked = ("report", events, "--by", "setter", "--from", "2026-02-09", "--versus",
             "2026-02-02..2026-02-09", "--sort", "p50")  # fmt: skip

    def groups(*more: str) -> list[str]:
        data = json.loads(timingctl(*asked, *more, "--json").out)
        return [row["group"] for row in data["versus"]["rows"] if row["measure"] == "n"]

    assert groups() == [None, "u3", "u2", "u1", "u4"]
    assert groups("--top", "2") == [None, "u3", "u2"]
    assert groups("--min-n", "2") == [None, "u4"]
    told = timingctl(*asked, "--top", "2").err
    assert "versus: 2 of 4 groups of by-setter are compared: see --min-n and --top." in told
    assert "versus: the row All counts responses by the AI, too: 1." in told


def test_periods_of_the_other_side_are_in_their_order(tmp_path: Path) -> None:
    events = write_events(
        tmp_path / "events.csv",
        """
        in               | setter
        2026-02-02 09:00 | 2026-02-02 10:00
        2026-02-03 09:00 | 2026-02-03 10:00
        2026-02-03 09:30 | 2026-02-03 10:00
        2026-02-05 09:00 | 2026-02-05 10:00
    """,
    )
    asked = ("--by", "day", "--from", "2026-02-04", "--to", "2026-02-06", "--versus", "previous")
    rows = json.loads(timingctl("report", events, *asked, "--json").out)["versus"]["rows"]
    days = [row["key"] for row in rows if row["measure"] == "n"]
    assert days == [None, "2026-02-05", "2026-02-02", "2026-02-03"]


def test_who_wrote_back_is_known_on_both_sides(tmp_path: Path) -> None:
    """On the 9th one of two leads wrote again after the answer, on the 10th the one lead did."""
    message = """
        id | leadId | direction | sentAt              | sentBy | sentByUserId
        a1 | l1     | in        | 2026-02-09 09:00:00 |        |
        a2 | l1     | out       | 2026-02-09 09:01:00 | setter | u1
        b1 | l2     | in        | 2026-02-09 09:00:00 |        |
        b2 | l2     | out       | 2026-02-09 09:01:00 | setter | u1
        b3 | l2     | in        | 2026-02-10 09:00:00 |        |
        b4 | l2     | out       | 2026-02-10 09:01:00 | setter | u1
        b5 | l2     | in        | 2026-02-10 10:00:00 |        |
        c1 | l3     | out       | 2026-02-18 00:00:00 | setter | u1
    """
    found = reported_inbox(
        tmp_path, {"Message": message, "Lead": "id | clientId\nl1 | K\nl2 | K\nl3 | K"},
        versus=PREVIOUS, window_from=datetime(2026, 2, 10), window_to=datetime(2026, 2, 11),
    )  # fmt: skip
    [(_, figures)] = found.made()
    [row] = [row for row in figures["rows"] if row["measure"] == "wroteBackShare"]
    assert (row["here"], row["there"]) == (1, 0.5)


def test_the_same_events_do_not_differ(tmp_path: Path) -> None:
    events = write_events(tmp_path / "other.csv", EVENTS)
    figures = rows(tmp_path, Compared("other.csv", events))
    assert {row["difference"] for row in figures["rows"]} == {0}
    assert {row["finding"] for row in figures["rows"][1:]} <= {"may be chance", "too few to say"}


def test_newcombe_s_interval() -> None:
    """His own example (1998, table II, a): 56 of 70 against 48 of 80 is 0.2, 0.0524 to 0.3339."""
    sides = [
        Estimate(found.rate, found.low, found.high) for found in (wilson(56, 70), wilson(48, 80))
    ]
    gap = difference(*sides)
    assert [gap.value, gap.low, gap.high] == pytest.approx([0.2, 0.0524, 0.3339], abs=5e-5)


leads = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda pair: (pair[0], sum(pair))),
    min_size=1,
    max_size=20,
).filter(lambda made: any(m for _, m in made))


@given(leads)
def test_the_error_of_a_share_is_that_of_a_ratio_over_leads(made: list[tuple[int, int]]) -> None:
    """Against the formula by hand; with one response a lead it is the binomial's, nearly."""
    made = [(hits, m) for hits, m in made if m]
    row: _Spread = {
        "firstKey": None, "secondKey": None, "name": "x", "leads": len(made),
        "n": sum(m for _, m in made), "hits": sum(hits for hits, _ in made),
        "hitsSquared": sum(hits * hits for hits, _ in made),
        "hitsByResponses": sum(hits * m for hits, m in made),
        "responsesSquared": sum(m * m for _, m in made),
    }  # fmt: skip
    share = row["hits"] / row["n"]
    error = standard_error(row)
    found = clustered_share(row)
    assert found.value == share
    if len(made) == 1:
        assert (error, found.low) == (None, None)
        return
    squares = sum((hits - share * m) ** 2 for hits, m in made)
    expected = math.sqrt(squares * len(made) / (len(made) - 1)) / row["n"]
    assert error == pytest.approx(expected, abs=1e-7)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= share + 1e-9
    assert share - 1e-9 <= found.high <= 1
    plain = wilson(row["hits"], row["n"])
    assert plain.low is not None
    if 0 < share < 1:
        assert found.low <= plain.low + 1e-9


def test_the_command(tmp_path: Path) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    asked = ("report", events, "--from", "2026-02-09", "--to", "2026-02-16")
    shown = timingctl(*asked, "--versus", "previous")
    assert shown.code == 0
    assert "Against the time before, from 2026-02-02" in shown.out
    assert "The share answered within 5min is 100.0 points higher" in shown.out
    data = json.loads(timingctl(*asked, "--versus", "2026-02-02..2026-02-09", "--json").out)
    assert data["versus"]["other"]["name"] == "another time"
    assert "overview" not in data


@pytest.mark.parametrize(
    ("versus", "code", "says"),
    [
        ("previous", 10, "--versus previous needs --from"),
        ("nowhere.parquet", 11, "nowhere.parquet"),
        ("2026-02-30..2026-03-01", 2, "'2026-02-30' is no instant"),
    ],
)
def test_what_cannot_be_compared(tmp_path: Path, versus: str, code: int, says: str) -> None:
    events = write_events(tmp_path / "events.csv", EVENTS)
    refused = timingctl("report", events, "--versus", versus)
    assert refused.code == code
    assert says in refused.err
