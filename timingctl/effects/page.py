"""Effects as one self-contained HTML page, in the clothes of the report's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.effects.charts import sketches
from timingctl.effects.formats import about
from timingctl.effects.parts import parts
from timingctl.replacing import replacing
from timingctl.reports.charts import drawn
from timingctl.reports.page import html_figure, html_table, html_text
from timingctl.reports.scripts import asset, policy
from timingctl.scratch import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timingctl.effects.figures import Effects

_MORE_STYLE = "p + h3, .table + h3 { margin-top: 1.25rem; }\n"


def write_page(found: Effects, path: Path, lock_timeout: str = LOCK_TIMEOUT) -> None:
    """Write the page whole or not at all. Raises SettingsError when it cannot be written."""
    text = page(found)
    with replacing([path], (), lock_timeout) as [temporary]:
        temporary.write_text(text, encoding="utf-8")


def page(found: Effects) -> str:
    """The page as text."""
    return "\n".join(_page(found)) + "\n"


def _page(found: Effects) -> Iterator[str]:
    style = asset("page.css") + _MORE_STYLE
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy([style], ())}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Effects</title>\n<style>{style}</style>\n</head>\n<body>"
    yield "<h1>Effects</h1>"
    for sentence in (about(found.document), *found.notes):
        yield f'<p class="soft">{html_text(sentence)}</p>'
    pictures = sketches(found.document, found.curve)
    if pictures:
        yield '<h2>Charts</h2>\n<div class="charts">'
        yield from map(html_figure, drawn(pictures))
        yield "</div>"
    for part in parts(found.document):
        yield f"<h2>{html_text(part.title)}</h2>"
        yield from (f"<p>{html_text(sentence)}</p>" for sentence in part.sentences)
        for grid in part.grids:
            yield f"<h3>{html_text(grid.title)}</h3>"
            yield from html_table(grid, grid.rows)
    yield "</body>\n</html>"
