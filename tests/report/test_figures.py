"""Overview, responders, delay check, trend and heatmap, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.cases import reported, says
from tests.tables import write_exports
from timingctl.errors import InputError

if TYPE_CHECKING:
    from timingctl.reports.sections.overview import Opened

FOUR = """
    id | lead | client | in       | setter   | by | ai
    m1 | l1   | K      | 10:00:00 | 10:00:10 | u1 | 10:05:00
    m2 | l1   | K      | 11:00:00 | 11:00:20 | u2 |
    m3 | l2   | K      | 12:00:00 |          |    | 12:04:00
    m4 | l3   | K2     | 13:00:00 |          |    |
"""


def test_overview(tmp_path: Path) -> None:
    overview = reported(tmp_path, FOUR, sections=["overview", "response-time"]).document["overview"]
    assert {name: overview[name] for name in ("events", "leads", "clients")} == {
        "events": 4, "leads": 3, "clients": 2,
    }  # fmt: skip
    assert overview["span"] == {
        "from": "2026-02-10T10:00:00.000000Z",
        "to": "2026-02-10T13:00:00.000000Z",
    }
    assert overview["answered"] == {"bySetter": 2, "byAi": 2, "byBoth": 1, "byNeither": 1}
    assert overview["firstBy"] == {"setter": 2, "ai": 1}
    assert "open" not in overview
    # First: 10, 20 and 240 s; p90 lies 80 % of the way from 20 to 240, p95 90 %, p99 98 %.
    assert overview["responseTime"] == {
        "setter": {
            "n": 2, "meanMs": 15000, "p50Ms": 15000, "p90Ms": 19000, "p95Ms": 19500, "p99Ms": 19900,
        },
        "ai": {
            "n": 2, "meanMs": 270000, "p50Ms": 270000,
            "p90Ms": 294000, "p95Ms": 297000, "p99Ms": 299400,
        },
        "first": {
            "n": 3, "meanMs": 90000, "p50Ms": 20000,
            "p90Ms": 196000, "p95Ms": 218000, "p99Ms": 235600,
        },
    }  # fmt: skip


def test_durations_are_floored_to_milliseconds(tmp_path: Path) -> None:
    events = "in              | setter\n10:00:00.000400 | 10:00:01.000399"
    assert (
        reported(tmp_path, events, sections=["overview", "response-time"]).document["overview"][
            "responseTime"
        ]["setter"]["p50Ms"]
        == 999
    )


def test_percentiles_of_nothing_are_null(tmp_path: Path) -> None:
    overview = reported(
        tmp_path, "in       | setter\n10:00:00 | 10:00:10", sections=["overview", "response-time"]
    ).document["overview"]
    assert overview["responseTime"]["ai"] == {
        "n": 0, "meanMs": None, "p50Ms": None, "p90Ms": None, "p95Ms": None, "p99Ms": None,
    }  # fmt: skip


def test_open_inbounds(tmp_path: Path) -> None:
    """Trailing inbounds of a thread are open; an outbound of the same instant came before."""
    exports = write_exports(
        tmp_path / "exports",
        {
            "Message": """
                id | leadId | channel | direction | sentAt
                A  | L      | email   | in        | 09:00:00
                B  | L      | email   | out       | 09:30:00
                C  | L      | email   | in        | 10:00:00
                D  | L      | email   | in        | 10:00:01
                E  | L      | sms     | in        | 11:00:00
                F  | L      | sms     | out       | 11:00:01
                G  | M      | sms     | in        | 12:00:00
                H  | M      | sms     | out       | 12:00:00
                I  | N      | email   | in        | 09:10:00
                J  | N      | sms     | in        | 09:10:00
                O  | N      | sms     | out       | 09:20:00
                P  | N      | sms     | in        | 09:30:00
                Q  | N      | sms     | out       | 09:40:00
                """,
            "Lead": "id | clientId\nL | K\nM | K2\nN | K3",
        },
    )

    def opened(**options: Any) -> Opened:
        return reported(tmp_path, FOUR, exports=exports, **options, sections=["overview"]).document[
            "overview"
        ]["open"]

    assert opened() == {"inbounds": 4, "threads": 3}
    assert opened(clients=["K2"]) == {"inbounds": 1, "threads": 1}
    assert opened(channels=["email"]) == {"inbounds": 3, "threads": 2}
    assert opened(responders=["ai"]) == {"inbounds": 4, "threads": 3}


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param({"Lead": "id | clientId\nL | K1"}, id="not in Lead"),
        pytest.param({"Lead": None}, id="of two clients"),
    ],
)
def test_open_inbounds_of_a_lead_without_a_client_are_not_counted(
    tmp_path: Path, lead: dict[str, str | None]
) -> None:
    messages = """
        id | leadId | sentAt   | direction | clientId
        A  | L      | 10:00:00 | in        | K1
        B  | M      | 10:00:00 | in        | K1
        C  | M      | 10:00:01 | in        | K2
    """
    exports = write_exports(tmp_path / "exports", {"Message": messages, **lead})
    found = reported(tmp_path, FOUR, exports=exports, sections=["overview"]).document["overview"][
        "open"
    ]
    assert found == {"inbounds": 1, "threads": 1}


def test_exports_without_bookings_give_no_outcomes(tmp_path: Path) -> None:
    exports = write_exports(
        tmp_path / "exports",
        {"Message": "id | leadId | channel | direction | sentAt\nA | L | email | in | 09:00:00"},
    )
    found = reported(tmp_path, FOUR, exports=exports, sections=["response-time"])
    assert "rate" not in found.document["responseTime"][0]
    assert "--leads FILE or --exports DIR" in " ".join(found.notes)


RESPONDERS = """
    lead | in       | setter          | by | ai
    l1   | 10:00:00 | 10:00:01        | u1 |
    l2   | 10:00:00 | 10:05:00        | u1 |
    l3   | 10:00:00 | 10:05:00.001    | u1 |
    l4   | 10:00:00 | 10:00:02        | u2 |
    l5   | 10:00:00 |                 |    | 10:00:03
    l6   | 10:00:00 |                 |    | 10:00:05
"""


def test_responders_without_leads_stand_by_responses(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("userId,name\nu1,Una\n")
    found = reported(tmp_path, RESPONDERS, names=names, sections=["responders"]).document[
        "responders"
    ]
    assert list(found[0]) == [
        "key", "label", "responses", "meanMs", "p50Ms", "p90Ms", "within5MinShare",
    ]  # fmt: skip
    says(
        found,
        """
        key     | label | responses | meanMs            | p50Ms  | p90Ms    | within5MinShare
        user:u1 | Una   | 3         | 200333.66666666666 | 300000 | 300000.8 | 0.6666666666666666
        ai      | AI    | 2         | 4000              | 4000   | 4800     | 1.0
        user:u2 | u2    | 1         | 2000              | 2000   | 2000     | 1.0
        """,
    )


def test_responders_stand_by_eligible_leads_then_by_key(tmp_path: Path) -> None:
    leads = """
        id | booked
        l1 |
        l2 | 09:00:00
        l3 | 09:00:00
        l4 |
        l5 |
        l6 |
    """
    found = reported(tmp_path, RESPONDERS, leads, sections=["responders"]).document["responders"]
    assert [row["key"] for row in found] == ["ai", "user:u1", "user:u2"]
    says(
        found,
        """
        key     | booked | notBooked | pending | bookedNoTimestamp | eligible | rate
        ai      | 0      | 2         | 0       | 0                 | 2        | 0.0
        user:u1 | 0      | 1         | 0       | 0                 | 1        | 0.0
        user:u2 | 0      | 1         | 0       | 0                 | 1        | 0.0
        """,
    )
    top = reported(tmp_path, RESPONDERS, leads, top=2, sections=["responders"]).document[
        "responders"
    ]
    assert top == found[:2]


def test_a_user_with_two_names_is_an_error(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("userId,name\nu1,Una\nu1,Ulla\n")
    with pytest.raises(InputError, match="u1 has two names, Ulla and Una"):
        reported(tmp_path, RESPONDERS, names=names, sections=["overview"])


def test_delay_check(tmp_path: Path) -> None:
    """Window 180–420, chosen 300. Only a job that runs before the chosen delay is a riddle."""
    events = """
        id | in              | min | max | chosen | due
        m1 | 10:00:00        | 180 | 420 | 300    | 10:05:00
        m2 | 10:00:00.000900 | 180 | 420 | 300    | 10:05:00.000000
        m3 | 10:00:00        | 180 | 420 | 300    | 10:05:00.001
        m4 | 10:00:00        | 180 | 420 | 300    | 2026-02-11 09:00:00
        m5 | 10:00:00        | 180 | 420 | 300    | 10:04:59.999
        m6 | 10:00:00        | 180 | 420 | 300    | 10:03:00
        m7 | 10:00:00        | 180 | 420 | 300    | 10:02:59.999
        m8 | 10:00:00        |     |     |        | 10:05:00
        m9 | 10:00:00        | 180 | 420 | 300    |
        ma | 2026-03-01      | 180 | 420 | 300    | 2026-03-01 00:05:00
        mb | 10:00:00        | 60  | 60  | 60     | 10:01:00
    """
    check = reported(tmp_path, events, sections=["delay-check"]).document["delayCheck"]
    assert {name: count for name, count in check.items() if name != "byWindowAndMonth"} == {
        "jobs": 10, "match": 4, "later": 2, "earlier": 2, "outsideWindow": 1, "noWindow": 1,
    }  # fmt: skip
    says(
        check["byWindowAndMonth"],
        """
        minSeconds | month   | jobs | match | later | earlier | outsideWindow | noWindow
        60         | 2026-02 | 1    | 1     | 0     | 0       | 0             | 0
        180        | 2026-02 | 7    | 2     | 2     | 2       | 1             | 0
        180        | 2026-03 | 1    | 1     | 0     | 0       | 0             | 0
                   | 2026-02 | 1    | 0     | 0     | 0       | 0             | 1
        """,
    )


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (
            "day",
            """
            period     | n | p50Ms | p90Ms
            2026-02-27 | 1 | 1000  | 1000
            2026-02-28 | 0 |       |
            2026-03-01 | 1 | 2000  | 2000
            2026-03-02 | 2 | 3500  | 3900
            """,
        ),
        (
            "week",
            """
            period     | n | p50Ms | p90Ms
            2026-02-23 | 2 | 1500  | 1900
            2026-03-02 | 2 | 3500  | 3900
            """,
        ),
        (
            "month",
            """
            period     | n | p50Ms | p90Ms
            2026-02-01 | 1 | 1000  | 1000
            2026-03-01 | 3 | 3000  | 3800
            """,
        ),
    ],
)
def test_trend(tmp_path: Path, period: str, expected: str) -> None:
    events = """
        in                  | setter
        2026-02-27 23:59:59 | 2026-02-28 00:00:00
        2026-03-01 00:00:00 | 2026-03-01 00:00:02
        2026-03-02 00:00:00 | 2026-03-02 00:00:03
        2026-03-02 12:00:00 | 2026-03-02 12:00:04
        2026-03-09 12:00:00 |
    """
    says(reported(tmp_path, events, by=[[period]], sections=["trend"]).document["trend"], expected)


def test_trend_of_bookings(tmp_path: Path) -> None:
    events = "lead | in | setter\nl1 | 10:00:00 | 10:01:00\nl2 | 10:00:00 | 10:01:00"
    leads = "id | booked\nl1 | 2026-02-11\nl2 | "
    [row] = reported(tmp_path, events, leads, sections=["trend"]).document["trend"]
    assert [row[name] for name in ("period", "n", "booked", "eligible", "rate")] == [
        "2026-02-09", 2, 1, 2, 0.5,
    ]  # fmt: skip


def test_heatmap_is_on_the_zone_s_clock_across_the_change_to_summer_time(tmp_path: Path) -> None:
    """In Berlin 2026-03-29 01:00 UTC is 03:00; an hour before it was 01:00."""
    events = """
        in                     | setter
        2026-03-29 00:59:59.9  | 2026-03-29 01:00:00
        2026-03-29 01:00:00    | 2026-03-29 01:00:10
        2026-03-29 01:30:00    | 2026-03-29 01:30:20
        2026-03-29 22:00:00    | 2026-03-29 22:00:30
    """

    def cells(zone: str) -> list[tuple[str, int, int, float | None]]:
        found = reported(tmp_path, events, zone=zone, sections=["heatmap"]).document["heatmap"]
        assert len(found) == 168
        return [(c["weekday"], c["hour"], c["n"], c["p50Ms"]) for c in found if c["n"]]

    assert cells("Europe/Berlin") == [
        ("Mon", 0, 1, 30_000), ("Sun", 1, 1, 100), ("Sun", 3, 2, 15_000),
    ]  # fmt: skip
    assert cells("UTC") == [("Sun", 0, 1, 100), ("Sun", 1, 2, 15_000), ("Sun", 22, 1, 30_000)]
    assert cells("Asia/Kathmandu")[0] == ("Mon", 3, 1, 30_000)  # 5:45 ahead
