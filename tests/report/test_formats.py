"""JSON, CSV, Markdown and the grids of people's words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.report.cases import reported
from timingctl.cli.terminal import shortened
from timingctl.grid import duration
from timingctl.reports.formats import csv_text, json_text, markdown_text
from timingctl.reports.grids import grids
from timingctl.reports.lead import drift

EVENTS = """
    id | lead | in       | setter   | by                                   | ai       | due
    m1 | l1   | 10:00:00 | 10:00:30 | 5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10 |          |
    m2 | l2   | 10:00:00 |          |                                      | 10:05:00 | 10:05:00
"""
LEADS = "id | booked\nl1 | 2026-02-11\nl2 | "


def test_json_is_the_contract(tmp_path: Path) -> None:
    text = json_text(reported(tmp_path, EVENTS, LEADS))
    document = json.loads(text)
    assert list(document) == [
        "window", "asOf", "filters", "attributionDays", "maturityDays", "overview", "responders",
        "responseTime", "chosenDelay", "drift", "delayCheck", "trend", "heatmap",
    ]  # fmt: skip
    assert document["window"] == {"from": None, "to": "2026-12-31T00:00:00.000000Z"}
    assert document["asOf"] == "2026-12-31T00:00:00.000000Z"
    assert (document["attributionDays"], document["maturityDays"]) == (30, 30)
    assert list(document["responders"][0]) == [
        "key", "label", "responses", "meanMs", "p50Ms", "p90Ms", "within5MinShare", "booked",
        "notBooked", "pending", "bookedNoTimestamp", "bookedPending", "eligible", "mature", "rate",
        "rateLow", "rateHigh",
    ]  # fmt: skip
    assert list(document["drift"][0]) == [
        "bucket", "n", "booked", "notBooked", "pending", "bookedNoTimestamp", "bookedPending",
        "eligible", "mature", "rate", "rateLow", "rateHigh",
    ]  # fmt: skip
    assert document["responders"][1]["key"] == "user:5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10"
    assert text == json_text(reported(tmp_path, EVENTS, LEADS))


def test_a_section_alone_is_that_section(tmp_path: Path) -> None:
    document = reported(tmp_path, EVENTS, sections=("drift", "overview")).document
    assert list(document)[5:] == ["overview", "drift"]


def test_csv_is_a_table_a_section(tmp_path: Path) -> None:
    found = reported(tmp_path, EVENTS, LEADS)
    tables = [list(csv.DictReader(io.StringIO(part))) for part in csv_text(found).split("\n\n")]
    assert [table[0]["section"] for table in tables] == [
        "overview", "responders", "response-time", "chosen-delay", "drift", "delay-check",
        "trend", "heatmap",
    ]  # fmt: skip
    figures = {row["figure"]: row["value"] for row in tables[0]}
    assert figures["responseTime.first.p50Ms"] == "165000"
    assert figures["span.from"] == "2026-02-10T10:00:00.000000Z"
    document: Mapping[str, Any] = found.document
    for table, key in (
        (tables[1], "responders"),
        (tables[2], "responseTime"),
        (tables[7], "heatmap"),
    ):
        rows = [{name: row[name] for name in row if name != "section"} for row in table]
        assert rows == [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in document[key]
        ]


def test_csv_of_nothing_has_its_headers(tmp_path: Path) -> None:
    sections = ("responders", "delay-check", "trend")
    empty, full = (
        csv_text(reported(tmp_path, events, LEADS, sections=sections)).split("\n\n")
        for events in ("in | setter", EVENTS)
    )
    assert [part.splitlines() for part in empty] == [part.splitlines()[:1] for part in full]


def test_markdown_has_ids_in_full_and_takes_nothing_for_markup(tmp_path: Path) -> None:
    events = "in | setter | by\n10:00:00 | 10:00:30 | a*b_c<i>"
    names = tmp_path / "names.csv"
    names.write_text('userId,name\na*b_c<i>,"x|y\nz"\n')
    assert r"| a\*b\_c\<i\> | 1 |" in markdown_text(reported(tmp_path, events))
    assert r"| x\|y\\nz | 1 |" in markdown_text(reported(tmp_path, events, names=names))
    text = markdown_text(reported(tmp_path, EVENTS, LEADS))
    assert "5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10" in text
    assert "## Responders" in text
    table = text.split("## Responders\n\n")[1].split("\n\n")[0].splitlines()
    assert len({line.count("|") for line in table}) == 1


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, "–"), (0, "0.0s"), (999, "0.9s"), (59_999, "59.9s"), (60_000, "1m00s"),
        (3_599_999, "59m59s"), (3_600_000, "1h00m"), (86_399_999, "23h59m"), (86_400_000, "1d00h"),
        (1_500.5, "1.5s"), (90 * 86_400_000, "90d00h"),
        (-1_500, "−1.5s"), (-61_000, "−1m01s"), (-7_200_000, "−2h00m"),
    ],
)  # fmt: skip
def test_durations_in_words(ms: float | None, text: str) -> None:
    assert duration(ms) == text


def test_drift_has_a_sign() -> None:
    assert [drift(ms) for ms in (0, 61_000, -12_300, None)] == ["+0.0s", "+1m01s", "−12.3s", "–"]


def test_wide_ids_are_shortened() -> None:
    assert shortened("5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10") == "5f0c9a4e-7f…1f6a10"
    assert shortened("x" * 18) == "x" * 18


def test_shares_of_responders_are_of_all_first_responses(tmp_path: Path) -> None:
    found = reported(tmp_path, EVENTS, LEADS, top=1, sections=("responders",))
    [grid] = grids(found)
    assert [row[:3] for row in grid.rows] == [["AI", "1", "50.0%"]]
