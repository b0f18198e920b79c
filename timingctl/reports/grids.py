"""The figures worded for people: a report's sections as titled grids of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timingctl.grid import Grid
    from timingctl.reports.figures import Report

#: The section that a screen shows where none is named.
SUMMARY = "summary"


def grids(report: Report) -> list[Grid]:
    """The grids of a report's sections, in order."""
    about = report.about
    return [grid for section, figures in report.made() for grid in section.grids(figures, about)]


def shown(report: Report, *, brief: bool = False, on_page: bool = False) -> list[Grid]:
    """The grids that people see: without events those that still tell something, as of open waits.

    Of a brief report that is its summary; a page has its headline in place of that.
    """
    return [
        grid
        for section, figures in report.made()
        if not (on_page and section.name == SUMMARY)
        if section.name == SUMMARY or not brief
        if report.events or section.tells_without_events(figures)
        for grid in section.grids(figures, report.about)
    ]
