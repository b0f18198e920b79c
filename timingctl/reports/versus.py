"""Against another time or inbox: the same figures beside each other, and whether they differ.

The interval of a difference is Newcombe's (1998, method 10), made of the intervals of both sides:
with d = a − b it goes from d − √((a − a.low)² + (b.high − b)²) to
d + √((a.high − a)² + (b − b.low)²).
It takes the sides for independent; leads on both make it too wide rather than too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict

from timingctl.grid import NOTHING, Grid, Heading, count, duration, instant, percent
from timingctl.reports.breakdown import names_of
from timingctl.reports.by import By
from timingctl.reports.dimensions import DIMENSIONS
from timingctl.reports.section import About, Section
from timingctl.reports.sides import GRID, SPREAD, Estimate, Measured, measured
from timingctl.reports.statistics import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from timingctl.reports.given import Given
    from timingctl.reports.head import Bounds
    from timingctl.reports.sides import Key

#: One figure of one group, on both sides: the keys of the group, and _COLUMNS.
Row = dict[str, Any]


class Other(TypedDict):
    """What is compared with: its name, and the window of its inbounds."""

    name: str
    window: Bounds
    asOf: str | None


class VersusFigures(TypedDict):
    """The figures of both sides: first of all responses, then of the groups of each breakdown."""

    other: Other
    rows: list[Row]


@dataclass(frozen=True)
class Side:
    """A side of a comparison: what it is, and its groups by the dimensions of a breakdown.

    `notes` are of its sources.
    """

    about: Other
    groups: Mapping[tuple[str, ...], Mapping[Key, Measured]]
    notes: Sequence[str]

    def responses(self, by: tuple[str, ...] = ()) -> int:
        """How many responses the groups have."""
        return sum(one.n for one in self.groups[by].values())


def side_of(given: Given, about: Other, notes: Sequence[str] = ()) -> Side:
    """The figures of all responses, and those of each breakdown that is asked for."""
    asked = [(), *(tuple(by) for by in given.options.by)]
    return Side(about, {by: measured(given, by) for by in asked}, notes)


def difference(here: Estimate, there: Estimate) -> Estimate:
    """How much more is here than there, with Newcombe's interval; null where a side has none."""
    if here.value is None or there.value is None:
        return Estimate()
    gap = here.value - there.value
    if here.low is None or here.high is None or there.low is None or there.high is None:
        return Estimate(gap)
    return Estimate(
        gap,
        gap - math.hypot(here.value - here.low, there.high - there.value),
        gap + math.hypot(here.high - here.value, there.value - there.low),
    )


class Versus(Section[VersusFigures]):
    """The comparison with another side."""

    name = "versus"
    relations = (SPREAD, GRID)
    record = Row

    def __init__(self, other: Side) -> None:
        self.other = other

    def figures(self, given: Given) -> VersusFigures:
        """The figures of both sides, and their differences."""
        here = side_of(given, self.other.about)
        if not any(self.other.groups.values()):
            given.notes.append(f"versus: {self.other.about['name']} has no responses.")
        rows = []
        for by, groups in here.groups.items():
            others, names = self.other.groups[by], [names_of(given, name) for name in by]
            if "setter" in by and (n := here.responses() - here.responses(by)):
                given.notes.append(f"versus: the row All counts responses by the AI, too: {n:,}.")
            for key in _compared(given, by, groups, others) if by else _WHOLE:
                group = _group(by, key, names)
                rows += _rows(group, groups.get(key), others.get(key))
        return {"other": self.other.about, "rows": rows}

    def records(self, figures: VersusFigures) -> Sequence[Mapping[str, object]]:
        """A row a figure of a group."""
        return figures["rows"]

    def columns(self, figures: VersusFigures, about: About) -> list[str]:
        """The keys of a row."""
        del figures, about
        return [*_COLUMNS]

    def frame(self, figures: VersusFigures, about: About) -> pl.DataFrame:
        """A row a figure of a group."""
        import polars as pl

        columns = self.columns(figures, about)
        return pl.DataFrame(figures["rows"], schema=columns, infer_schema_length=None)

    def grids(self, figures: VersusFigures, about: About) -> list[Grid]:
        """A row a figure, of all responses first; the title says the finding in words."""
        del about
        other = figures["other"]
        title = (
            f"Against {other['name']}, from {_since(other['window']['from'])} "
            f"to {instant(other['window']['to'])}"
        )
        headings = [
            Heading("Group", number=False, wide=True),
            Heading("Figure", number=False),
            Heading("Here"),
            Heading("There"),
            Heading("Difference"),
            Heading("95% interval"),
            Heading("", number=False),
        ]
        rows = [_worded(row) for row in figures["rows"]]
        return [Grid(title, headings, rows, keys=2), *_in_words(figures["rows"])]


_COLUMNS = (
    "by", "key", "secondKey", "group", "measure", "here", "there", "difference", "differenceLow",
    "differenceHigh", "finding",
)  # fmt: skip
_TITLES = {"n": "Responses", "p50Ms": "p50", "p90Ms": "p90", "rate": "Booked",
           "wroteBackShare": "Wrote back"}  # fmt: skip
#: The keys of all responses.
_WHOLE: list[Key] = [(None, None)]
#: What more and less of a figure is called.
_MORE, _LESS = {True: "slower", False: "higher"}, {True: "faster", False: "lower"}
_CHANCE, _FEW = "may be chance", "too few to say"


def _since(start: str | None) -> str:
    return instant(start) if start else "the first"


def _rows(group: Row, here: Measured | None, there: Measured | None) -> list[Row]:
    n = Estimate(here.n if here else 0), Estimate(there.n if there else 0)
    rows = [_row(group, "n", *n)]
    ours, theirs = (side.estimates if side else {} for side in (here, there))
    for name in dict.fromkeys([*ours, *theirs]):
        rows.append(_row(group, name, ours.get(name, Estimate()), theirs.get(name, Estimate())))
    return rows


def _compared(
    given: Given, by: Sequence[str], here: Mapping[Key, Measured], there: Mapping[Key, Measured]
) -> list[Key]:
    """The groups that the breakdown shows, in its order, then those that are large there alone."""
    options, breakdown = given.options, By(by)
    keys = {_shown(breakdown, key): key for key in here}
    rows = breakdown.figures(replace(given, notes=[]))["rows"]
    shown = [tuple(row[one.key] for one in breakdown.dimensions) for row in rows]
    alone = [
        key
        for key, side in there.items()
        if side.n >= max(options.min_n, 1) > (here[key].n if key in here else 0)
    ]
    if not breakdown.is_in_order(options):
        alone.sort(key=lambda key: -there[key].n)
    compared = [*(keys[one] for one in shown if one in keys), *alone][: breakdown.most(options)]
    every = len({*here, *there})
    if len(compared) < every:
        given.notes.append(
            f"versus: {len(compared):,} of {every:,} groups of {breakdown.name} are compared: "
            "see --min-n and --top."
        )
    return compared


def _shown(breakdown: By, key: Key) -> tuple[str | None, ...]:
    """The keys as a breakdown's rows have them."""
    return tuple(one.shown(part) for one, part in zip(breakdown.dimensions, key, strict=False))


def _group(by: Sequence[str], key: Key, names: Sequence[Mapping[str, str]]) -> Row:
    """What a group is called: the dimensions, and the group in words."""
    words = [
        DIMENSIONS[name].named(part, named)
        for name, part, named in zip(by, key, names, strict=False)
    ]
    keys = [DIMENSIONS[name].shown(part) for name, part in zip(by, key, strict=False)]
    first, second, *_ = (*keys, None, None)
    group = ", ".join(words) or None
    return {"by": ",".join(by) or None, "key": first, "secondKey": second, "group": group}


def _row(group: Row, measure: str, here: Estimate, there: Estimate) -> Row:
    gap = difference(here, there)
    return {
        **group,
        "measure": measure,
        "here": here.value,
        "there": there.value,
        "difference": plain(gap.value, 6),
        "differenceLow": plain(gap.low, 6),
        "differenceHigh": plain(gap.high, 6),
        "finding": _finding(measure, gap),
    }


def _finding(measure: str, gap: Estimate) -> str | None:
    """What the difference says: faster, slower, higher, lower, or that it may be chance."""
    if measure == "n" or gap.value is None:
        return None
    if gap.low is None or gap.high is None:
        return _FEW
    if gap.low <= 0 <= gap.high:
        return _CHANCE
    return (_MORE if gap.value > 0 else _LESS)[measure.endswith("Ms")]


def _title(measure: str) -> str:
    if measure.startswith("within"):
        return f"≤ {measure.removeprefix('within').removesuffix('Share')}"
    return _TITLES[measure]


def _worded(row: Row) -> list[str]:
    measure = row["measure"]
    low, high = row["differenceLow"], row["differenceHigh"]
    interval = NOTHING
    if low is not None and high is not None:
        interval = f"{_gap(measure, low)} to {_gap(measure, high)}"
    return [
        row["group"] or "All",
        _title(measure),
        _value(measure, row["here"]),
        _value(measure, row["there"]),
        _gap(measure, row["difference"]),
        interval,
        row["finding"] or "",
    ]


def _value(measure: str, value: float | None) -> str:
    if measure == "n":
        return count(int(value or 0))
    return duration(value) if measure.endswith("Ms") else percent(value)


def _gap(measure: str, value: float | None) -> str:
    """A difference with its sign; of shares in points."""
    if value is None:
        return NOTHING
    sign = "−" if value < 0 else "+"
    if measure == "n":
        return f"{sign}{abs(int(value)):,}"
    return sign + (duration(abs(value)) if measure.endswith("Ms") else f"{abs(value) * 100:.1f}")


#: Of so many groups at most the findings are put into words.
_MOST_WORDED = 10


def _in_words(rows: Sequence[Row]) -> list[Grid]:
    """What is found of all responses, then what differs in groups, a sentence a figure."""
    of_all = [_sentence(row) for row in rows if row["by"] is None and row["finding"]]
    found = [row for row in rows if row["by"] and row["finding"] not in {None, _CHANCE, _FEW}]
    of_groups = [f"{row['group']}: {_sentence(row)}" for row in found[:_MOST_WORDED]]
    further = len(found) - len(of_groups)
    more = [f"{further:,} more differences of groups stand in the table."] if further else []
    lines = [[one] for one in (*of_all, *of_groups, *more)]
    if not lines:
        return []
    return [Grid("In words", [Heading("", number=False)], lines)]


_SUBJECTS = {
    "p50Ms": "The median response",
    "p90Ms": "The time within which nine in ten are answered",
    "rate": "The rate of booking",
    "wroteBackShare": "The share of leads that wrote back",
}


def _sentence(row: Row) -> str:
    measure, finding = row["measure"], row["finding"]
    subject = _SUBJECTS.get(measure, f"The share answered within {_title(measure)[2:]}")
    values = f"{_value(measure, row['here'])} here, {_value(measure, row['there'])} there"
    unit = "" if measure.endswith("Ms") else " points"
    if finding == _FEW:
        return f"{subject}: {values}; too few leads to say whether that is chance."
    low, high = _gap(measure, row["differenceLow"]), _gap(measure, row["differenceHigh"])
    if finding == _CHANCE:
        return f"{subject}: {values}; the difference may be chance ({low} to {high}{unit})."
    gap = _gap(measure, abs(row["difference"]))[1:]
    return f"{subject} is {gap}{unit} {finding}: {values} (95%: {low} to {high}{unit})."
