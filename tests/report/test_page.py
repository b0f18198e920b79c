"""The page: one file, no network, no scripts, nothing of the data taken for markup."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cases import FIXTURES
from tests.report.cases import reported
from timingctl.errors import SettingsError
from timingctl.reports.page import page, write_page

if TYPE_CHECKING:
    from timingctl.reports.figures import Report

EVENTS = """
    id | lead | in                  | setter              | by     | ai       | chosen | due
    m1 | l1   | 10:00:00            | 10:00:30            | <b>&u1 |          | 200    |
    m2 | l2   | 11:00:00            | 12:00:00            | u2     | 11:05:00 | 290    | 11:04:50
    m3 | l3   | 2026-03-12 10:00:00 | 2026-03-13 11:00:00 | u2     |          |        |
"""
LEADS = "id | booked\nl1 | 2026-02-11\nl2 | \nl3 | "
#: Elements that never close.
VOID = {"meta", "br", "img", "link"}


class Reader(HTMLParser):
    """Checks that elements close in order and remembers what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("page")
    return reported(folder, EVENTS, LEADS, html=folder / "page.html")


def test_the_page_needs_nothing_but_itself(full: Report) -> None:
    reader = read(page(full))
    assert not {"script", "link", "img", "iframe", "image"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    addresses = [value for name, value in reader.attributes if name in {"src", "href"}]
    assert addresses == []
    urls = set(re.findall(r"https?://[^\"' <]*", page(full)))
    assert urls <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in page(full)


def test_the_open_inbounds_of_exports_stand_at_the_top(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    found = reported(tmp_path, "in\n10:00:00", exports=FIXTURES / "tour", html=html)
    [opened] = re.findall(r"<b>(\d+)</b> open inbounds", page(found))
    assert int(opened) == found.document["overview"]["open"]["inbounds"] > 0


def test_every_chart_has_a_reading_with_its_n(full: Report) -> None:
    text = page(full)
    titles = re.findall(r"<figure>\s*<h3>(.*?)</h3>", text)
    assert titles == [
        "Response time", "Does speed go with bookings?", "Does the chosen delay go with bookings?",
        "Chosen delay against actual", "Drift", "When answers are slow", "Trend of first responses",
        "Trend of bookings",
    ]  # fmt: skip
    readings = re.findall(r"<figcaption>(.*?)</figcaption>", text)
    assert len(readings) == len(titles) == text.count("<svg ")
    for reading in readings:
        assert re.search(r"\d", reading)
        assert reading.endswith(".")
        assert reading.count(". ") == 0
    assert "Of the responses, half of the 2 by setters came within" not in readings[0]
    assert "half of the 3 by setters came within 1h00m" in readings[0]


def test_no_two_charts_share_an_id(full: Report) -> None:
    text = page(full)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_data_are_text(full: Report) -> None:
    text = page(full)
    assert "<b>&u1" not in text
    assert "&lt;b&gt;&amp;u1" in text
    assert "<b>&u1" in "".join(read(text).text)


def test_the_same_report_gives_the_same_page(full: Report, tmp_path: Path) -> None:
    assert page(full) == page(reported(tmp_path, EVENTS, LEADS, html=tmp_path / "page.html"))


def test_the_tables_are_those_of_the_terminal(full: Report) -> None:
    text = page(full)
    for title in ("Overview", "Responders", "First response time", "Trend"):
        assert f"<h2>{title}</h2>" in text
    assert re.search(r"<td>&lt;1min</td><td class=\"number\">1</td>", text)


def test_the_rate_at_the_top_is_over_mature_leads(tmp_path: Path) -> None:
    """l2 booked while others still may: it is in no rate."""
    events = """
        id | lead | in                  | setter
        m1 | l1   | 2026-01-01 09:00:00 | 2026-01-01 09:00:30
        m2 | l2   | 2026-02-20 09:00:00 | 2026-02-20 09:00:30
        m3 | l3   | 2026-01-01 09:00:00 | 2026-01-01 09:00:30
    """
    leads = "id | booked\nl1 | 2026-01-09\nl2 | 2026-02-22\nl3 | "
    until = datetime(2026, 3, 1)
    found = reported(tmp_path, events, leads, window_to=until, html=tmp_path / "page.html")
    assert "<b>50.0%</b> of 2 mature leads booked" in page(found)


def test_a_page_without_leads_draws_no_rates(tmp_path: Path) -> None:
    text = page(reported(tmp_path, EVENTS, html=tmp_path / "page.html"))
    assert "bookings?" not in text
    assert "No booking outcomes: give the app&#x27;s Lead table" in text


def test_a_page_of_one_section(tmp_path: Path) -> None:
    text = page(reported(tmp_path, EVENTS, html=tmp_path / "page.html", sections=("drift",)))
    assert re.findall(r"<h3>(.*?)</h3>", text) == ["Drift"]
    assert '<ul class="cards">' not in text


def test_a_page_of_nothing(tmp_path: Path) -> None:
    text = page(reported(tmp_path, EVENTS, html=tmp_path / "page.html", clients=["<nobody>"]))
    assert "No events match." in text
    assert "Unknown client &lt;nobody&gt;; there are K." in text
    assert "<svg" not in text


def test_one_event_makes_a_page(tmp_path: Path) -> None:
    events = "in | ai | chosen | due\n10:00:00 | 10:00:00.5 | 0 | 10:00:00"
    assert page(reported(tmp_path, events, html=tmp_path / "page.html")).count("<svg ") == 5


def test_the_page_is_written_whole_or_not_at_all(full: Report, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    write_page(full, target)
    assert target.read_text() == page(full)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(SettingsError, match="cannot be written to"):
        write_page(full, tmp_path / "nowhere" / "report.html")
