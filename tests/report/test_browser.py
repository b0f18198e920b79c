"""The page in a real browser, on a wide screen and on a telephone."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.programs import program
from tests.report import test_neither, test_sending_jobs
from tests.report.cases import reported
from tests.report.inboxes import reported_inbox
from tests.report.test_page import EVENTS, LEADS
from timingctl.reports.page import page

if TYPE_CHECKING:
    from timingctl.reports.figures import Report

#: The widths of a wide screen and of a telephone.
SCREENS = (1280, 400)
#: What a person would see, measured: is anything cut off, and is the smallest text legible?
MEASURE = """
<script>
const width = document.documentElement.clientWidth;
const wide = [...document.querySelectorAll('svg, figure, h1, h2, h3, p, li, .table')]
  .filter(e => e.getBoundingClientRect().right > width + 0.5).length;
const texts = [...document.querySelectorAll('svg text')].filter(e => e.textContent);
const least = Math.min(...texts.map(e => e.getBoundingClientRect().height));
const cut = texts.filter(e => {
  const text = e.getBoundingClientRect(), svg = e.closest('svg').getBoundingClientRect();
  return text.left < svg.left - 1 || text.right > svg.right + 1;
}).length;
document.title = [width, document.documentElement.scrollWidth, wide, least, cut].join(' ');
</script>
"""


def browse(folder: Path, *arguments: str) -> str:
    browser = program("chromium", "chromium-browser")
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}",
         *arguments],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout


def of_events(folder: Path) -> Report:
    return reported(folder, EVENTS, LEADS, html=folder / "page.html")


def of_jobs(folder: Path) -> Report:
    """An inbox with every kind of job, and waits."""
    options: dict[str, Any] = {"build": {"delay_windows": "current"}, "html": folder / "page.html"}
    return reported_inbox(folder, test_sending_jobs.TABLES, **options)


def of_neither(folder: Path) -> Report:
    """An inbox with every kind of first outbound where neither answered."""
    return reported_inbox(folder, test_neither.TABLES, html=folder / "page.html")


@pytest.mark.parametrize("made", [of_events, of_jobs, of_neither])
def test_nothing_is_cut_off_and_all_is_legible(
    tmp_path: Path, made: Callable[[Path], Report]
) -> None:
    text = page(made(tmp_path))
    (tmp_path / "page.html").write_text(text.replace("</body>", MEASURE + "</body>"))
    # A headless window is never narrower than 500, so the page stands in a frame of each screen's.
    frames = "".join(
        f'<iframe src="page.html" width="{screen}" height="900" style="border:0"></iframe>'
        for screen in SCREENS
    )
    (tmp_path / "frames.html").write_text(
        f"<!doctype html>{frames}<script>onload = () => document.title ="
        "[...document.querySelectorAll('iframe')].map(e => e.contentDocument.title).join(';')"
        "</script>"
    )
    dom = browse(
        tmp_path, f"--window-size={sum(SCREENS) + 100},1000", "--allow-file-access-from-files",
        "--dump-dom", (tmp_path / "frames.html").as_uri(),
    )  # fmt: skip
    found = re.search(r"<title>(.*?)</title>", dom)
    assert found, dom
    for screen, measured in zip(SCREENS, found[1].split(";"), strict=True):
        shows_all(screen, measured)


def shows_all(screen: int, measured: str) -> None:
    """Hold that a person at the screen sees all of the page."""
    width, scrolled, wide, least, cut = map(float, measured.split())
    assert width == screen
    assert scrolled <= screen, "the page scrolls sideways"
    assert wide == 0, "an element sticks out of the screen"
    assert cut == 0, "a label is cut off by its chart"
    assert least >= 9, "a chart's labels are too small"


def test_a_screenshot_can_be_taken(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        page(reported(tmp_path, EVENTS, LEADS, html=tmp_path / "page.html"))
    )
    shot = tmp_path / "page.png"
    browse(
        tmp_path, "--window-size=1280,2400", f"--screenshot={shot}",
        (tmp_path / "page.html").as_uri(),
    )  # fmt: skip
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert shot.stat().st_size > 50_000  # a blank page has a tenth of that
