"""What a section of a report is: its relations, its figures, its words and its charts.

Light, as all sections are: the command line imports them to name them. What is heavy, such as
Altair, a section imports where it draws.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from timingctl.reports.relation import Relation, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from timingctl.grid import Grid
    from timingctl.reports.charts import Sketch
    from timingctl.reports.given import Given

Figures = TypeVar("Figures")


@dataclass(frozen=True)
class About:
    """What words need beside the figures of their section."""

    has_bookings: bool
    first_responses: int
    zone: str


class Section(ABC, Generic[Figures]):
    """A section of a report, whose figures stand in the JSON document under its key.

    `relations` are what it reads of sql/reports. `record` is a row of its CSV; optional keys are
    those that only lead data give. The charts of a section that `draws_last` follow all others.
    One `on_request` is there where it is named; one that `needs_inbox` where the events are an
    inbox's. `tables` are relations of an inbox that are made once, because they are read more than
    once. One that `reads_context` tells responses apart by what surrounds them, one that
    `places_jobs` asks for the channels and times of the jobs' inbounds: joins that others save.
    """

    name: str
    relations: ClassVar[Sequence[Relation[Any]]]
    record: ClassVar[type[Mapping[str, object]]]
    tables: ClassVar[Sequence[str]] = ()
    draws_last: ClassVar[bool] = False
    needs_inbox: ClassVar[bool] = False
    on_request: ClassVar[bool] = False
    reads_context: ClassVar[bool] = False
    places_jobs: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The key in the document: response-time is responseTime."""
        first, *rest = self.name.split("-")
        return first + "".join(word.capitalize() for word in rest)

    @abstractmethod
    def figures(self, given: Given) -> Figures:
        """Compute the figures."""

    @abstractmethod
    def records(self, figures: Figures) -> Sequence[Mapping[str, object]]:
        """The figures as rows of a table, for CSV."""

    @abstractmethod
    def grids(self, figures: Figures, about: About) -> list[Grid]:
        """The figures worded for people."""

    def tells_without_events(self, figures: Figures) -> bool:
        """Whether people are shown the grids where no event matches."""
        del figures
        return self.needs_inbox

    def sketches(self, figures: Figures, given: Given) -> list[Sketch]:
        """The charts of the figures; none that would be empty."""
        del figures, given
        return []

    def columns(self, figures: Figures, about: About) -> list[str]:
        """The columns of the CSV: the keys of a record."""
        del figures
        names = list(get_annotations(self.record))
        optional: frozenset[str] = getattr(self.record, "__optional_keys__", frozenset())
        always = [name for name in names if name not in optional]
        return always + [name for name in names if name in optional and about.has_bookings]

    def frame(self, figures: Figures, about: About) -> pl.DataFrame:
        """The figures as a frame: a row a record, with the columns of the CSV."""
        from timingctl.reports.frames import frame

        return frame(self.records(figures), self.record, self.columns(figures, about))


class Listed(Section[list[Row]]):
    """A section whose figures are a list of rows: what JSON lists, CSV has a line each of."""

    def records(self, figures: list[Row]) -> Sequence[Mapping[str, object]]:
        """The rows as they are."""
        return figures
