"""The page in a real browser: on a wide screen and on a telephone, light and dark, in print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report import test_neither, test_sending_jobs
from tests.report.cases import reported
from tests.report.chromium import Browser, chromium
from tests.report.inboxes import reported_inbox
from tests.report.test_page import EVENTS, LEADS
from timingctl.reports.page import page

if TYPE_CHECKING:
    from timingctl.reports.figures import Report

#: Two clients on two channels, over three weeks; of the second week there is nothing.
PICKED = """
    id | lead | client | channel | in             | setter         | by | ai             | chosen
    m1 | l1   | acme   | email   | 02-02 10:00:00 | 02-02 10:02:00 | u1 |                |
    m2 | l2   | acme   | email   | 02-03 10:00:00 | 02-03 10:04:00 | u1 |                |
    m3 | l3   | acme   | sms     | 02-16 10:00:00 | 02-16 11:00:00 | u2 | 02-16 10:05:00 | 300
    m4 | l4   | beta   | email   | 02-17 10:00:00 | 02-17 12:00:00 | u2 |                |
    m5 | l5   | beta   | sms     | 02-18 10:00:00 | 02-18 12:00:00 | u3 |                |
""".replace("02-", "2026-02-")
BOOKED = "id | booked\nl1 | 2026-02-05\nl2 | \nl3 | \nl4 | 2026-02-20\nl5 | "

#: What a person would see, measured: is anything cut off, and is the smallest text legible?
MEASURE = """
(() => {
  const width = document.documentElement.clientWidth;
  const seen = e => e.getClientRects().length;
  const wide = [...document.querySelectorAll('svg, figure, h1, h2, h3, p, li, select, .table')]
    .filter(e => seen(e) && e.getBoundingClientRect().right > width + 0.5).length;
  const texts = [...document.querySelectorAll('svg text')].filter(e => e.textContent && seen(e));
  const cut = texts.filter(e => {
    const text = e.getBoundingClientRect(), svg = e.closest('svg').getBoundingClientRect();
    return text.left < svg.left - 1 || text.right > svg.right + 1;
  }).map(e => e.textContent);
  const hidden = [...document.querySelectorAll('.table')]
    .filter(e => e.scrollWidth > e.clientWidth + 1).length;
  return {
    width, scrolled: document.documentElement.scrollWidth, wide, cut, hidden,
    least: Math.min(...texts.map(e => e.getBoundingClientRect().height)),
  };
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


def of_events(folder: Path) -> Report:
    return reported(folder, EVENTS, LEADS, html=folder / "page.html")


def of_picks(folder: Path) -> Report:
    return reported(folder, PICKED, BOOKED, html=folder / "page.html")


def of_jobs(folder: Path) -> Report:
    """An inbox with every kind of job, and waits."""
    options: dict[str, Any] = {"build": {"delay_windows": "current"}, "html": folder / "page.html"}
    return reported_inbox(folder, test_sending_jobs.TABLES, **options)


def of_neither(folder: Path) -> Report:
    """An inbox with every kind of first outbound where neither answered."""
    return reported_inbox(folder, test_neither.TABLES, html=folder / "page.html")


Pages = Callable[[Callable[[Path], "Report"]], Path]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The page of each report, made once."""
    made: dict[Callable[[Path], Report], Path] = {}

    def of(report: Callable[[Path], Report]) -> Path:
        if report not in made:
            folder = tmp_path_factory.mktemp("page")
            made[report] = folder / "page.html"
            made[report].write_text(page(report(folder)), encoding="utf-8")
        return made[report]

    return of


@pytest.fixture
def picked(browser: Browser, pages: Pages) -> Browser:
    """The page of two clients, with its charts drawn."""
    browser.open(pages(of_picks))
    drawn(browser)
    return browser


def drawn(browser: Browser) -> None:
    """Wait until the scripts have drawn every chart."""
    browser.until("document.documentElement.classList.contains('ready')")


def headline(browser: Browser) -> str:
    """The text of the cards."""
    return str(browser.ask("document.querySelector('.cards').innerText.replace(/\\s+/g, ' ')"))


def column(browser: Browser, place: int) -> list[str]:
    """The cells of a column of the table of response times."""
    found: list[str] = browser.ask(
        f"[...document.querySelectorAll('#sorted tbody tr')]"
        f".map(row => row.children[{place}].textContent)"
    )
    return found


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("report", [of_events, of_jobs, of_neither, of_picks])
@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_is_cut_off_and_all_is_legible(
    browser: Browser, pages: Pages, report: Callable[[Path], Report], scripts: bool
) -> None:
    for width in (1280, 390):
        browser.open(pages(report), width, scripts=scripts)
        if scripts:
            drawn(browser)
        found = browser.ask(MEASURE)
        assert found["width"] == width
        assert found["scrolled"] <= width, "the page scrolls sideways"
        assert found["wide"] == 0, "an element sticks out of the screen"
        assert found["cut"] == [], "a label is cut off by its chart"
        assert found["least"] >= 9, "a chart's labels are too small"
        assert width < 1280 or found["hidden"] == 0, "a table has hidden columns"


def test_nothing_is_asked_of_a_network_and_nothing_fails(browser: Browser, pages: Pages) -> None:
    browser.open(pages(of_picks))
    drawn(browser)
    asked = [event["request"]["url"] for event in browser.said("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("data:")] == [pages(of_picks).as_uri()]
    assert browser.said("Runtime.exceptionThrown", "Runtime.consoleAPICalled") == []
    assert browser.said("Log.entryAdded") == []
    assert pages(of_picks).stat().st_size < 4_000_000


def test_charts_are_the_same_with_scripts_and_without(picked: Browser) -> None:
    titles = (
        "[...document.querySelectorAll('figure {kind}')].map(one =>"
        " [...one.querySelectorAll('.role-axis-title text')].map(e => e.textContent).sort())"
    )
    live = picked.ask(titles.replace("{kind}", ".live"))
    assert live == picked.ask(titles.replace("{kind}", ".still"))
    assert any(live)


def test_a_value_stands_at_the_pointer(picked: Browser) -> None:
    picked.hover("figure[data-key=spread] .live .mark-symbol path")
    picked.until("document.querySelector('#vg-tooltip-element.visible')")
    said = picked.ask("document.querySelector('#vg-tooltip-element').innerText")
    assert re.fullmatch(
        r"By\s+(Setters|The AI)\s+Within\s+\d+m00s\s+Share\s+\d+\.\d%\s+Responses\s+[15]", said
    ), said


def test_the_legend_hides_and_shows(picked: Browser) -> None:
    count = "document.querySelectorAll('figure[data-key=trend] .live .mark-line path[d]').length"
    button = "figure[data-key=trend] .legend button"
    before = picked.ask(count)
    picked.click(button)
    assert picked.ask(f"document.querySelector('{button}').ariaPressed") == "false"
    picked.until(f"{count} < {before}")
    picked.click(button)
    assert picked.ask(f"document.querySelector('{button}').ariaPressed") == "true"
    picked.until(f"{count} === {before}")


def test_tables_are_sorted_by_mouse_and_keyboard(picked: Browser) -> None:
    picked.ask(
        "[...document.querySelectorAll('table')].find(table =>"
        " table.tHead?.innerText.includes('First responder')).id = 'sorted'"
    )
    given = column(picked, 1)
    picked.click("#sorted th:nth-child(2) button")
    assert column(picked, 1) == sorted(given, key=int) or column(picked, 1) == sorted(
        given, key=int, reverse=True
    )
    state = "document.querySelector('#sorted th:nth-child(2)').ariaSort"
    first = picked.ask(state)
    assert first in {"ascending", "descending"}
    picked.ask("document.querySelector('#sorted th:nth-child(2) button').focus()")
    picked.press("Enter", 13, "\r")
    assert {first, picked.ask(state)} == {"ascending", "descending"}
    medians = "#sorted th:nth-child(4) button"
    picked.click(medians)
    if picked.ask("document.querySelector('#sorted th:nth-child(4)').ariaSort") == "descending":
        picked.click(medians)
    assert column(picked, 3) == ["3m00s", "5m00s", "2h00m", "2h00m"]  # by size, not by letter


def test_a_client_and_a_channel_are_picked(picked: Browser) -> None:
    whole = headline(picked)
    assert "5m00s median first response" in whole

    def pick(name: str, label: str) -> None:
        picked.ask(
            f"(() => {{ const list = document.querySelector('#{name}');"
            f" list.selectedIndex = [...list.options].findIndex(o => o.text === '{label}');"
            " list.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )

    readings = "[...document.querySelectorAll('figcaption')].map(e => e.innerText)"
    before = picked.ask(readings)
    pick("client", "acme")
    assert "4m00s median first response" in headline(picked)
    pick("channel", "email")
    assert "3m00s median first response" in headline(picked)
    assert "AI" not in headline(picked)
    assert picked.ask(readings) != before
    pick("client", "All clients")
    pick("channel", "All channels")
    assert headline(picked) == whole
    assert picked.ask(readings) == before


def test_a_time_is_chosen_on_the_trend(picked: Browser) -> None:
    said = "document.querySelector('#time').textContent"
    dates = "[...document.querySelectorAll('.period input')].map(one => one.value)"
    assert "5 first responses" in picked.ask(said)
    x, y = picked.point(".period .live .background")
    box = "document.querySelector('.period .live .background').getBoundingClientRect()"
    left = picked.ask(f"{box}.left")
    picked.drag((left + 2, y), (x, y))
    picked.until(f"!{said}.includes('5 first responses')")
    assert "2 first responses" in picked.ask(said)
    assert picked.ask(dates) == ["2026-02-02", "2026-02-09"]
    picked.click(".period button")
    assert "5 first responses" in picked.ask(said)
    assert picked.ask(dates) == ["", ""]


def test_dark_is_dark(browser: Browser, pages: Pages) -> None:
    browser.open(pages(of_picks))
    drawn(browser)
    colours = (
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('figure .live svg text')).fill]"
    )
    light = browser.ask(colours)
    browser.screen(1280, "dark")
    dark = browser.ask(colours)
    assert light == ["rgb(255, 255, 255)", "rgb(27, 31, 36)"]
    assert dark == ["rgb(13, 17, 23)", "rgb(230, 237, 243)"]


def test_without_scripts_the_charts_stand_still(browser: Browser, pages: Pages) -> None:
    browser.open(pages(of_picks), scripts=False)
    shown = "[...document.querySelectorAll('figure svg')].filter(e => e.clientHeight > 50).length"
    assert browser.ask(shown) == browser.ask("document.querySelectorAll('figure').length") > 0
    assert not browser.ask("[...document.querySelectorAll('button, select')]"
                           ".some(e => e.getClientRects().length)")  # fmt: skip


@pytest.mark.wide
def test_the_page_is_printed(picked: Browser) -> None:
    assert picked.printed().startswith(b"%PDF")
    picked.call("Emulation.setEmulatedMedia", media="print")
    assert picked.ask("[...document.querySelectorAll('figure svg')]"
                      ".filter(e => e.clientHeight > 50).length ==="
                      " document.querySelectorAll('figure').length")  # fmt: skip
    assert not picked.ask("document.querySelector('.period').getClientRects().length")
