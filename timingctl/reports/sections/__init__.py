"""The sections of a report: one a module, and here the list of them.

A new section is a module, a line of SECTIONS, a key of Document, and its SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timingctl.reports.head import Head
from timingctl.reports.sections.chosen_delay import ChosenDelay
from timingctl.reports.sections.delay_check import DelayCheck, DelayCheckFigures
from timingctl.reports.sections.drift import Drift
from timingctl.reports.sections.heatmap import Cell, Heatmap
from timingctl.reports.sections.like_for_like import LikeForLike, Matched
from timingctl.reports.sections.neither import FirstOutbound, Neither
from timingctl.reports.sections.overview import Overview, OverviewFigures
from timingctl.reports.sections.responders import Responder, Responders
from timingctl.reports.sections.response_time import ResponseTime
from timingctl.reports.sections.sending_jobs import SendingJobs, SendingJobsFigures
from timingctl.reports.sections.trend import Period, Trend
from timingctl.reports.sections.waits import Waited, Waits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.reports.buckets import Bucket
    from timingctl.reports.section import Section

#: In the report's order.
SECTIONS: Sequence[Section[Any]] = (
    Overview(),
    Responders(),
    Neither(),
    ResponseTime(),
    Waits(),
    ChosenDelay(),
    Drift(),
    DelayCheck(),
    SendingJobs(),
    Trend(),
    Heatmap(),
    LikeForLike(),
)
NAMES = tuple(section.name for section in SECTIONS)
#: Those that a report has unless sections are named.
USUAL = tuple(section.name for section in SECTIONS if not section.on_request)


class Document(Head, total=False):
    """The JSON document of a report: the sections that were asked for, under their keys."""

    overview: OverviewFigures
    responders: list[Responder]
    neither: list[FirstOutbound]
    responseTime: list[Bucket]
    waits: list[Waited]
    chosenDelay: list[Bucket]
    drift: list[Bucket]
    delayCheck: DelayCheckFigures
    sendingJobs: SendingJobsFigures
    trend: list[Period]
    heatmap: list[Cell]
    likeForLike: list[Matched]
