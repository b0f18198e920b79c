"""A breakdown: responses, open waits and bookings of each group, by one or two dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from timingctl.clocks.hours import WEEKDAYS
from timingctl.grid import Grid, Heading, count, duration, percent
from timingctl.reports.breakdown import BREAKDOWN, COVERED, Counted, Partial, counted, names_of
from timingctl.reports.dimensions import DIMENSIONS, milliseconds
from timingctl.reports.outcomes import interval, outcomes
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Section
from timingctl.reports.statistics import percentiles, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from timingctl.reports.given import Given
    from timingctl.reports.options import ReportOptions

#: A group as documents have it: the keys of its dimensions, and its measures.
Group = dict[str, Any]
#: The keys of a group of the relations.
_Key = tuple[str | None, str | None]


class _Opened(TypedDict):
    firstKey: str | None
    secondKey: str | None
    open: int
    longestOpenMs: int


OPEN_BREAKDOWN = Relation("open_breakdown", _Opened)


class Hidden(TypedDict):
    """What the total has and no row shows: groups, and the responses in them."""

    groups: int
    responses: int


class ByFigures(TypedDict):
    """The groups that are shown, in order, and the total of all."""

    by: list[str]
    responses: str
    targets: list[str]
    rows: list[Group]
    total: Group
    hidden: Hidden


class By(Section[ByFigures]):
    """The breakdown by some dimensions; its name is by-client-week."""

    relations = (BREAKDOWN, COVERED, OPEN_BREAKDOWN)
    tables = ("open_wait",)
    record = Group

    def __init__(self, by: Sequence[str]) -> None:
        self.name = "-".join(("by", *by))
        self.by = tuple(by)
        self.dimensions = [DIMENSIONS[name] for name in by]

    def figures(self, given: Given) -> ByFigures:
        """The groups as they are asked for, and notes of those that are not shown."""
        options = given.options
        counts, opened = self._counted(given), self._opened(given)
        every, total = self._groups(given, counts, opened), self._total(given, counts, opened)
        large = [group for group in every if group["n"] >= options.min_n]
        ordered = self._sorted(large, options.sort, 1 if options.ascending else -1)
        shown = ordered[: self.most(options)]
        measure = _MEASURES.get(options.sort or "", "n")
        if large and all(group.get(measure) is None for group in large):
            given.notes.append(f"{self.name}: not sorted by {options.sort}, which no group has.")
        if len(large) < len(every):
            given.notes.append(
                f"{self.name}: --min-n {options.min_n} hides {len(every) - len(large):,} of "
                f"{len(every):,} groups; they are in the total."
            )
        if len(shown) < len(large):
            given.notes.append(
                f"{self.name}: {len(shown):,} of {len(large):,} groups are shown; "
                f"--top {len(large)} shows all."
            )
        return {
            "by": list(self.by),
            "responses": options.responses,
            "targets": list(options.targets),
            "rows": shown,
            "total": total,
            "hidden": {
                "groups": len(every) - len(shown),
                "responses": sum(row["n"] for row in every) - sum(row["n"] for row in shown),
            },
        }

    def is_in_order(self, options: ReportOptions) -> bool:
        """Whether the groups are of time, and in its order."""
        return all(one.in_order for one in self.dimensions) and options.sort is None

    def most(self, options: ReportOptions) -> int | None:
        """How many groups are shown at most; null: all, for the first few would be the oldest."""
        return None if self.is_in_order(options) else options.top

    def _groups(
        self, given: Given, counts: Sequence[Counted], opened: Sequence[_Opened]
    ) -> list[Group]:
        found: dict[_Key, Counted] = {
            (row["firstKey"], row["secondKey"]): row for row in counts if not row["isTotal"]
        }
        waiting: dict[_Key, _Opened] = {(row["firstKey"], row["secondKey"]): row for row in opened}
        names = [names_of(given, name) for name in self.by]
        partial = Partial(given)
        return [
            self._keys(key, names, partial)
            | self._measures(given, found.get(key), waiting.get(key))
            for key in dict.fromkeys([*found, *waiting])
        ]

    def _total(self, given: Given, counts: Sequence[Counted], opened: Sequence[_Opened]) -> Group:
        row = next((row for row in counts if row["isTotal"]), None)
        waiting: _Opened | None = None
        if opened:
            waiting = {
                "firstKey": None,
                "secondKey": None,
                "open": sum(row["open"] for row in opened),
                "longestOpenMs": max(row["longestOpenMs"] for row in opened),
            }
        return self._measures(given, row, waiting)

    def _counted(self, given: Given) -> list[Counted]:
        options = given.options
        return counted(
            given,
            self.by,
            responses=options.responses,
            setters_only="setter" in self.by,
            targets=_milliseconds(options.targets),
            leads=given.has_inbox,
            total=True,
        )

    def _opened(self, given: Given) -> list[_Opened]:
        """The open waits of the groups: nobody has responded, so there are none by responder."""
        if not self._tells_open(given):
            return []
        first, second, *_ = (*self.by, None, None)
        return given.rows(OPEN_BREAKDOWN, first=first, second=second)

    def _tells_open(self, given: Given) -> bool:
        return given.has_inbox and not any(one.of_responses for one in self.dimensions)

    def _keys(self, keys: _Key, names: Sequence[Mapping[str, str]], partial: Partial) -> Group:
        group: Group = {}
        named_keys = zip(self.dimensions, keys, strict=False)
        periods = [(one.name, key) for one, key in named_keys if one.is_period and key]
        for dimension, key, named in zip(self.dimensions, keys, names, strict=False):
            group[dimension.key] = dimension.shown(key)
            if dimension.is_named:
                group[dimension.name_key] = named.get(key) if key else None
            if dimension.is_period:
                group["partial"] = partial(*periods)
        return group

    def _measures(self, given: Given, row: Counted | None, opened: _Opened | None) -> Group:
        targets = given.options.targets
        counts = row["within"] if row else []
        within = dict(zip(_milliseconds(targets), counts, strict=False))
        n = row["n"] if row else 0
        p50, p90 = percentiles(row["quantilesMs"] if row else None, 2)
        group: Group = {
            "n": n,
            "p50Ms": p50,
            "p90Ms": p90,
            "meanMs": plain(row["meanMs"]) if row else None,
        }
        for target in targets:
            group[_within(target)] = within[milliseconds(target)] / n if n else None
        if self._tells_open(given):
            group["open"] = opened["open"] if opened else 0
            group["longestOpenMs"] = opened["longestOpenMs"] if opened else None
        if given.has_inbox:
            followed = row["followed"] if row else 0
            group["leads"] = row["leads"] if row else 0
            group["followed"] = followed
            group["wroteBack"] = row["wroteBack"] if row else 0
            group["wroteBackShare"] = group["wroteBack"] / followed if followed else None
        if given.has_bookings:
            group |= outcomes(row or _NO_OUTCOMES, has_bookings=True)
            group["bookedAfterP50Ms"] = plain(row["bookedAfterP50Ms"], 2) if row else None
        return group

    def _sorted(self, groups: list[Group], sort: str | None, sign: int) -> list[Group]:
        """By a measure, by `sign` the greatest or the least first; else by key or by size."""
        sizes: dict[tuple[str, object], int] = {}
        for dimension in self.dimensions:
            for group in groups:
                place = dimension.name, group[dimension.key]
                sizes[place] = sizes.get(place, 0) + group["n"]

        def order(group: Group) -> list[tuple[bool, int, str]]:
            places = []
            for dimension in self.dimensions:
                key = group[dimension.key]
                is_by_key = dimension.in_order or sort == "key"
                size = 0 if is_by_key else -sizes[dimension.name, key]
                places.append((key is None, size, _RANKS.get(key, key or "")))
            return places

        ordered = sorted(groups, key=order)
        measure = _MEASURES.get(sort or "")
        if measure is None:
            return ordered
        # Sorting keeps the order of what is equal; a measure that is not known stands last.
        known = [group for group in ordered if group.get(measure) is not None]
        return [
            *sorted(known, key=lambda group: sign * group[measure]),
            *(group for group in ordered if group.get(measure) is None),
        ]

    def records(self, figures: ByFigures) -> Sequence[Mapping[str, object]]:
        """The groups as they are."""
        return figures["rows"]

    def columns(self, figures: ByFigures, about: About) -> list[str]:
        """The keys of a group."""
        del about
        keys = []
        for dimension in self.dimensions:
            keys.append(dimension.key)
            if dimension.is_named:
                keys.append(dimension.name_key)
            if dimension.is_period:
                keys.append("partial")
        return [*dict.fromkeys(keys), *figures["total"]]

    def frame(self, figures: ByFigures, about: About) -> pl.DataFrame:
        """A row a group."""
        import polars as pl

        columns = self.columns(figures, about)
        return pl.DataFrame(figures["rows"], schema=columns, infer_schema_length=None)

    def tells_without_events(self, figures: ByFigures) -> bool:
        """Where something is open."""
        return bool(figures["rows"])

    def grids(self, figures: ByFigures, about: About) -> list[Grid]:
        """A row a group, and the total where it says more."""
        titles = [Heading(one.title, number=False, wide=True) for one in self.dimensions]
        measures = _headings(figures, about)
        rows = [[*self._words(row), *_cells(row, measures)] for row in figures["rows"]]
        if len(rows) != 1 or figures["hidden"]["groups"]:
            blank = [""] * (len(self.dimensions) - 1)
            rows.append(["All", *blank, *_cells(figures["total"], measures)])
        what = "every response" if figures["responses"] == "all" else "the first response"
        by = " and ".join(one.title.lower() for one in self.dimensions)
        headings = [*titles, *(heading for heading, _ in measures)]
        return [Grid(f"By {by}, {what}", headings, rows, keys=len(titles))]

    def _words(self, row: Group) -> list[str]:
        return [
            one.word(
                row[one.key],
                row.get(one.name_key),
                partial=one.is_period and bool(row.get("partial")),
            )
            for one in self.dimensions
        ]


_MEASURES = {
    "n": "n", "p50": "p50Ms", "p90": "p90Ms", "mean": "meanMs", "open": "open",
    "booked": "booked", "rate": "rate", "wrote-back": "wroteBackShare",
}  # fmt: skip
#: Weekdays follow the week, not the alphabet.
_RANKS = {day: str(place) for place, day in enumerate(WEEKDAYS)}
_NO_OUTCOMES: Counted = {
    "isTotal": True, "firstKey": None, "secondKey": None,
    "n": 0, "leads": 0, "followed": 0, "wroteBack": 0, "meanMs": 0,
    "quantilesMs": [], "within": [], "bookedAfterP50Ms": None,
    "booked": 0, "notBooked": 0, "pending": 0, "bookedNoTimestamp": 0, "bookedPending": 0,
}  # fmt: skip


def _milliseconds(targets: Sequence[str]) -> list[int]:
    """The targets, rising, each once."""
    return sorted({milliseconds(target) for target in targets})


def _within(target: str) -> str:
    """The key of the share of responses within a target: within5minShare."""
    return f"within{target}Share"


def _headings(figures: ByFigures, about: About) -> list[tuple[Heading, str]]:
    """The measures that are shown: what stands above, and the key."""
    total = figures["total"]
    shown = [
        (Heading("n"), "n"),
        (Heading("p50"), "p50Ms"),
        (Heading("p90"), "p90Ms"),
        (Heading("Mean"), "meanMs"),
        *((Heading(f"≤ {target}"), _within(target)) for target in figures["targets"]),
        (Heading("Open"), "open"),
        (Heading("Wrote back", part=1), "wroteBackShare"),
    ]
    if about.has_bookings:
        shown += [
            (Heading("Booked", part=1), "booked"),
            (Heading("Mature", part=1), "mature"),
            (Heading("Rate", part=1), "rate"),
            (Heading("95% interval", part=1), _INTERVAL),
            (Heading("Booked after", part=1), "bookedAfterP50Ms"),
        ]
    return [(heading, key) for heading, key in shown if key in total or key == _INTERVAL]


_INTERVAL = "rateInterval"


def _cells(row: Group, measures: Sequence[tuple[Heading, str]]) -> list[str]:
    return [_cell(row, key) for _, key in measures]


def _cell(row: Group, key: str) -> str:
    if key == _INTERVAL:
        return interval({"rateLow": row["rateLow"], "rateHigh": row["rateHigh"]})
    value = row[key]
    if key.endswith("Ms"):
        return duration(value)
    return percent(value) if key == "rate" or key.endswith("Share") else count(value)
