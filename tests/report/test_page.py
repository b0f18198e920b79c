"""The page: one file, no network, nothing of the data taken for markup or for a script."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@pytest.fixture(scope="module")
def whole(full: Report) -> str:
    """Its page."""
    return page(full)


def test_the_page_needs_nothing_but_itself(whole: str) -> None:
    """tests/report/test_browser.py sees that it asks for nothing, either."""
    text = whole
    reader = read(text)
    assert not {"link", "img", "iframe", "image"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not [value for name, value in reader.attributes if name in {"src", "href"}]
    assert len(text.encode()) < 4_000_000


def test_only_the_page_s_own_scripts_may_run(whole: str) -> None:
    text = whole
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    rights = {name: given for name, *given in map(str.split, policy.split(";"))}
    assert rights["default-src"] == ["'none'"]
    for element, right in (("script", "script-src"), ("style", "style-src")):
        texts = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        hashes = [b64encode(sha256(one.encode()).digest()).decode() for one in texts]
        assert rights[right] == [f"'sha256-{one}'" for one in hashes]


def told(text: str) -> dict[str, Any]:
    """What the page's scripts are told."""
    [found] = re.findall(
        r'<script type="application/json" id="told">(.*?)</script>', text, re.DOTALL
    )
    document: dict[str, Any] = json.loads(found)
    return document


def test_a_name_cannot_end_the_script_that_it_stands_in(tmp_path: Path) -> None:
    client = "</script><script>alert(1)</script><!--"
    events = f"client | in | setter\n{client} | 10:00:00 | 10:01:00\nK | 11:00:00 | 11:02:00"
    text = page(reported(tmp_path, events, html=tmp_path / "page.html"))
    assert "alert(1)</script>" not in text
    assert f'<option value="0">{escape(client)}</option>' in text
    assert told(text)["picks"]["0,"]["cards"][1] == ["1m00s", "median first response"]


@pytest.mark.wide
def test_the_pickers_have_the_figures_of_a_report_on_the_client(tmp_path: Path) -> None:
    """Each client and channel, and both, as --client and --channel would have them."""
    events = """
        lead | client | channel | in                  | setter              | ai
        l1   | acme   | email   | 2026-02-02 10:00:00 | 2026-02-02 10:02:00 |
        l2   | acme   | email   | 2026-02-03 10:00:00 | 2026-02-03 10:04:00 |
        l3   | acme   | sms     | 2026-02-16 10:00:00 | 2026-02-16 11:00:00 | 2026-02-16 10:05:00
        l4   | beta   | email   | 2026-02-17 10:00:00 | 2026-02-17 12:00:00 |
    """
    leads = "id | booked\nl1 | 2026-02-05\nl2 | \nl3 | \nl4 | "
    picks = told(page(reported(tmp_path, events, leads, html=tmp_path / "page.html")))["picks"]
    assert set(picks) == {"0,", "1,", ",0", ",1", "0,0", "0,1", "1,0"}  # nothing of beta by sms
    asked: dict[str, dict[str, list[str]]] = {
        "0,": {"clients": ["acme"]}, ",0": {"channels": ["email"]},
        "0,1": {"clients": ["acme"], "channels": ["sms"]},
    }  # fmt: skip
    for place, filters in asked.items():
        alone = told(
            page(reported(tmp_path, events, leads, html=tmp_path / "page.html", **filters))
        )
        assert picks[place]["cards"] == alone["cards"]
        for chart in alone["charts"]:
            if chart["key"]:
                assert picks[place]["charts"][chart["key"]]["reading"] == chart["reading"]
    # acme by email: half of its two came within 2 and within 4 minutes, none of the AI
    trend = picks["0,0"]["charts"]["trend"]["columns"]
    assert trend["ms"] == [180_000, None, None, 228_000, None, None]
    assert trend["n"] == [2, 0, 0, 2, 0, 0]
    rates = picks["0,0"]["charts"]["bookings"]["columns"]
    assert rates["rate"] == [0.5, None, None]
    assert rates["mature"] == [2, 0, 0]


def test_the_picks_are_so_many_that_the_page_stays_small(tmp_path: Path) -> None:
    rows = [f"K{n:03} | 2026-02-10 10:00:00 | 2026-02-10 10:0{n % 7}:00" for n in range(90)]
    events = "\n".join(["client | in | setter", *rows, rows[7]])
    text = page(reported(tmp_path, events, html=tmp_path / "page.html"))
    options = re.findall(r"<option value=\"\d+\">(.*?)</option>", text)
    assert options[:3] == ["K007", "K000", "K001"]  # the one with most first
    assert options[-1] == "All others"
    assert len(options) == 31
    assert told(text)["picks"]["30,"]["cards"][0] == ["60", "answered inbounds"]


def test_readers_are_not_told_of_options(tmp_path: Path) -> None:
    events = "by | in | setter\nu1 | 10:00:00 | 10:01:00\nu2 | 11:00:00 | 11:02:00"
    text = page(reported(tmp_path, events, html=tmp_path / "page.html", top=1))
    shown = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert "1 of 2 responders are shown." in shown
    assert not re.search(r"--[a-z]|`|\bp90\b", shown)


def test_what_the_ai_did_is_left_out_where_there_is_none(whole: str, tmp_path: Path) -> None:
    alone = page(reported(tmp_path, "in | setter\n10:00:00 | 10:01:00", html=tmp_path / "p.html"))
    words = re.sub(r"<script.*?</script>|<style.*?</style>", "", alone, flags=re.DOTALL)
    assert not re.search(r"\bAI\b", words)
    assert "Setters gave every first response; half of them came within 1m00s." in words
    assert "The AI was first in 33% of responses; half of all came within 5m00s." in whole


def test_a_chart_says_what_it_finds(whole: str) -> None:
    labels = re.findall(r'role="img" aria-label="([^"]*)"', whole)
    assert labels[0].startswith("Response time. Of the responses, half of the 3 by setters came")


def test_a_period_without_mature_leads_is_a_gap(tmp_path: Path) -> None:
    events = """
        lead | in                  | setter
        l1   | 2026-01-05 09:00:00 | 2026-01-05 09:01:00
        l2   | 2026-02-23 09:00:00 | 2026-02-23 09:01:00
    """
    leads = "id | booked\nl1 | 2026-01-09\nl2 | 2026-02-24"
    until = datetime(2026, 3, 1)
    found = told(
        page(reported(tmp_path, events, leads, window_to=until, html=tmp_path / "page.html"))
    )
    [rows] = [c["spec"]["data"]["values"] for c in found["charts"] if c["key"] == "bookings"]
    assert [row["rate"] for row in rows] == [1, *[None] * 7]


def test_the_curve_of_response_times_rises_and_is_exact(tmp_path: Path) -> None:
    """The share within a minute, and all others, is that of the responses."""
    events = "in | setter\n10:00:00 | 10:00:30\n10:00:00 | 10:01:00\n10:00:00 | 10:01:01"
    found = told(page(reported(tmp_path, events, html=tmp_path / "page.html")))
    [rows] = [c["spec"]["data"]["values"] for c in found["charts"] if c["key"] == "spread"]
    assert [(row["within"], row["share"]) for row in rows] == [
        ("20.0s", 0), ("30.0s", 0.3333), ("45.0s", 0.3333), ("1m00s", 0.6667), ("2m00s", 1),
    ]  # fmt: skip


def test_the_open_inbounds_of_exports_stand_at_the_top(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    found = reported(tmp_path, "in\n10:00:00", exports=FIXTURES / "tour", html=html)
    [opened] = re.findall(r"<b>(\d+)</b> open inbounds", page(found))
    assert int(opened) == found.document["overview"]["open"]["inbounds"] > 0


def test_every_chart_has_a_reading_with_its_n(whole: str) -> None:
    text = whole
    titles = re.findall(r"<figure>\s*<h3>(.*?)</h3>", text)
    assert titles == [
        "Response time", "Trend of first responses", "Trend of bookings",
        "Does speed go with bookings?", "Does the chosen delay go with bookings?",
        "Chosen delay against actual", "Drift", "When answers are slow",
    ]  # fmt: skip
    readings = re.findall(r"<figcaption>(.*?)</figcaption>", text)
    assert len(readings) == len(titles) == text.count("<svg ")
    for reading in readings:
        assert re.search(r"\d", reading)
        assert reading.endswith(".")
        assert reading.count(". ") == 0
    assert "Of the responses, half of the 2 by setters came within" not in readings[0]
    assert "half of the 3 by setters came within 1h00m" in readings[0]


def test_no_two_charts_share_an_id(whole: str) -> None:
    text = re.sub(r"<script.*?</script>", "", whole, flags=re.DOTALL)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_data_are_text(whole: str) -> None:
    text = whole
    assert "<b>&u1" not in text
    assert "&lt;b&gt;&amp;u1" in text
    assert "<b>&u1" in "".join(read(text).text)


def test_the_same_report_gives_the_same_page(whole: str, tmp_path: Path) -> None:
    assert whole == page(reported(tmp_path, EVENTS, LEADS, html=tmp_path / "page.html"))


def test_the_tables_are_those_of_the_terminal(whole: str) -> None:
    text = whole
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


def test_the_page_is_written_whole_or_not_at_all(full: Report, whole: str, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    write_page(full, target)
    assert target.read_text() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(SettingsError, match="cannot be written to"):
        write_page(full, tmp_path / "nowhere" / "report.html")
