"""Words of the page, whose readers did not run the tool: no options, no p90."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timingctl.grid import NOTHING, duration
from timingctl.reports.header import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.grid import Grid
    from timingctl.reports.figures import Report

#: What columns are called elsewhere, and on the page.
_COLUMNS = {
    "n": "Number", "p50": "Median", "p90": "9 of 10 within", "p95": "95 of 100 within",
    "p99": "99 of 100 within", "Queue p50": "Queue, median", "Send p50": "Sending, median",
}  # fmt: skip
_TITLES = {
    "Delay check: runAt − inboundSentAt against the chosen delay":
        "Delay check: when jobs were due, against the chosen delay",
}  # fmt: skip
#: What only who runs the tool can use: an option, or a command.
_COMMAND = re.compile(r"(?<![\w-])--[a-z]|`|\btimingctl\b")
_SENTENCES = re.compile(r"(?<=\.)\s+(?=[A-Z0-9-])")
#: What rows that are of the AI begin with.
_OF_AI = ("AI", "Answered by the AI", "Answered by both", "The AI was first")
_RESPONDER = "--responder does not apply"


def column(title: str) -> str:
    """The title of a column."""
    return _COLUMNS.get(title, title)


def table(title: str) -> str:
    """The title of a table."""
    return _TITLES.get(title, title)


def rows(grid: Grid, *, of_ai: bool) -> list[Sequence[str]]:
    """The rows of a table; without an AI those that only say so are left out."""
    empty = {"0", NOTHING}
    return [row for row in grid.rows if of_ai or row[0] not in _OF_AI or set(row[1:]) - empty]


def note(text: str) -> str:
    """What a note says to readers of the page: without what only who runs the tool can do."""
    text = text.replace(_RESPONDER, "The filter by responder does not apply")
    return " ".join(filter(None, map(_sentence, _SENTENCES.split(text))))


def _sentence(text: str) -> str:
    """The sentence up to the part that has an option or a command in it."""
    found = _COMMAND.search(text)
    if found is None:
        return text
    kept = re.split(r"[,;:] (?!.*[,;:] )", text[: found.start()])
    return f"{kept[0]}." if len(kept) > 1 else ""


def about(report: Report) -> Iterator[str]:
    """What the page is about."""
    document = report.document
    yield from header(report)
    if report.has_bookings:
        yield (
            f"A booking counts for {document['attributionDays']} days after the lead's first "
            f"response; without one the lead is pending for {document['maturityDays']} days."
        )


def notes(report: Report) -> list[str]:
    """What the reader should know of the figures."""
    return list(filter(None, map(note, report.notes)))


def has_ai(report: Report) -> bool:
    """Whether the AI has answered at all, as far as the report tells."""
    overview = report.document.get("overview")
    return overview is None or overview["responseTime"]["ai"]["n"] > 0


def finding(report: Report) -> str:
    """The page in a sentence: who was first, and how fast."""
    overview = report.document.get("overview")
    if overview is None or not report.first_responses:
        return ""
    first = overview["firstBy"]
    median = duration(overview["responseTime"]["first"]["p50Ms"])
    if not first["ai"]:
        return f"Setters gave every first response; half of them came within {median}."
    share = first["ai"] / report.first_responses
    return f"The AI was first in {share:.0%} of responses; half of all came within {median}."
