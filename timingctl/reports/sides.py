"""One side of a comparison: figures of each group, each with a 95 % interval.

Responses of one lead are alike, so what is drawn is the lead. A share's variance is that of a
ratio over leads: with x of a lead's m responses within the limit, p = Σx/Σm and L leads,
var = L/(L − 1) · Σ(x − pm)² / (Σm)² (Cochran, Sampling Techniques, 1977, 6.3). The interval
is Wilson's of as many independent responses as have that variance. A percentile's interval are the
percentiles at the ends of the interval of its own share (Woodruff, 1952).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import pyarrow as pa

from timingctl.reports.breakdown import counted
from timingctl.reports.dimensions import milliseconds
from timingctl.reports.relation import Relation
from timingctl.reports.statistics import Z, percentiles, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.reports.breakdown import Counted
    from timingctl.reports.given import Given

#: The keys of a group, null where there is none.
Key = tuple[str | None, str | None]
#: The percentiles that are compared, by the keys of their figures.
PERCENTILES = {"p50Ms": 0.5, "p90Ms": 0.9}


class _Spread(TypedDict):
    firstKey: str | None
    secondKey: str | None
    name: str
    leads: int
    n: int
    hits: int
    hitsSquared: int
    hitsByResponses: int
    responsesSquared: int


class _Grid(TypedDict):
    firstKey: str | None
    secondKey: str | None
    timesMs: list[float]


SPREAD = Relation("lead_spread", _Spread)
GRID = Relation("quantile_grid", _Grid)
GROUPED = "grouped_response"
#: Limits whose shares are asked for: one row a group and a limit.
THRESHOLD = "threshold"


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval, null where nothing is known."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Measured:
    """A group: how many responses it has, and its figures by their keys."""

    n: int
    estimates: Mapping[str, Estimate]


def measured(given: Given, by: Sequence[str]) -> dict[Key, Measured]:
    """The groups of a breakdown, with the figures that can be compared.

    Those are the percentiles, the shares within targets, and where they are known the rate of
    booking and the share of leads that wrote back.
    """
    options = given.options
    targets = {f"within{target}Share": milliseconds(target) for target in options.targets}
    asked = {"responses": options.responses, "setters_only": "setter" in by}
    rows = counted(given, by, leads=True, **asked)  # type: ignore[arg-type]
    groups: dict[Key, Counted] = {(row["firstKey"], row["secondKey"]): row for row in rows}
    spreads, grids = _spread(given, by, groups, targets)
    return {
        key: Measured(
            row["n"],
            {
                **_times(row, spreads[key], grids[key]),
                **{name: clustered_share(spreads[key][name]) for name in targets},
                **_outcomes(given, row),
            },
        )
        for key, row in groups.items()
    }


def _spread(
    given: Given, by: Sequence[str], groups: Mapping[Key, Counted], targets: Mapping[str, int]
) -> tuple[dict[Key, dict[str, _Spread]], dict[Key, list[float]]]:
    """How leads differ in each figure of each group, and each group's response times."""
    warehouse = given.warehouse
    first, second, *_ = (*by, None, None)
    warehouse.create(GROUPED, "reports", {
        "first": first, "second": second, "all_responses": given.options.responses == "all",
        "setters_only": "setter" in by,
    })  # fmt: skip
    limits = [
        {"firstKey": key[0], "secondKey": key[1], "name": name, "ms": ms}
        for key, row in groups.items()
        for name, ms in {
            **targets,
            **dict(zip(PERCENTILES, row["quantilesMs"], strict=True)),
        }.items()
    ]
    schema = pa.schema(
        {"firstKey": pa.string(), "secondKey": pa.string(), "name": pa.string(), "ms": pa.float64()}
    )
    warehouse.execute(
        f"create table {THRESHOLD} (firstKey varchar, secondKey varchar, name varchar, ms double)"
    )
    warehouse.insert(pa.Table.from_pylist(limits, schema), THRESHOLD)
    spreads: dict[Key, dict[str, _Spread]] = {}
    for spread in given.rows(SPREAD):
        spreads.setdefault((spread["firstKey"], spread["secondKey"]), {})[spread["name"]] = spread
    grids = {(row["firstKey"], row["secondKey"]): row["timesMs"] for row in given.rows(GRID)}
    for table in (GROUPED, THRESHOLD):
        warehouse.execute(f"drop table {table}")
    return spreads, grids


def _times(
    row: Counted, spreads: Mapping[str, _Spread], grid: Sequence[float]
) -> dict[str, Estimate]:
    """The percentiles of a group."""
    values = percentiles(row["quantilesMs"], len(PERCENTILES))
    found = {}
    for (name, share), value in zip(PERCENTILES.items(), values, strict=True):
        error = standard_error(spreads[name])
        low, high = (None, None) if error is None else _at(grid, share, error)
        found[name] = Estimate(value, low, high)
    return found


def _outcomes(given: Given, row: Counted) -> dict[str, Estimate]:
    """What became of the leads of a group, as far as it is known."""
    found = {}
    if given.has_inbox:
        found["wroteBackShare"] = _proportion(row["wroteBack"], row["followed"])
    if given.has_bookings:
        hits = row["booked"] - row["bookedPending"]
        found["rate"] = _proportion(hits, hits + row["notBooked"])
    return found


def standard_error(row: _Spread) -> float | None:
    """The standard error of a share of responses, over leads; null of less than two leads."""
    if row["leads"] < 2:  # noqa: PLR2004 - of one nothing can be said
        return None
    share = row["hits"] / row["n"]
    squares = (
        row["hitsSquared"]
        - 2 * share * row["hitsByResponses"]
        + share * share * row["responsesSquared"]
    )
    leads = row["leads"]
    return math.sqrt(max(squares, 0) * leads / (leads - 1)) / row["n"]


def clustered_share(row: _Spread) -> Estimate:
    """A share with Wilson's interval of as many responses as would be independent.

    They are at most the responses there are. Of none or all within the limit they are the leads.
    """
    share, error = row["hits"] / row["n"], standard_error(row)
    if error is None:
        return Estimate(share)
    independent = share * (1 - share) / error**2 if error > 0 else row["leads"]
    n = min(independent, row["n"])
    found = _proportion(share * n, n)
    return Estimate(share, found.low, found.high)


def _proportion(hits: float, n: float) -> Estimate:
    found = wilson(hits, n)
    return Estimate(found.rate, found.low, found.high)


def _at(times: Sequence[float], share: float, error: float) -> tuple[float | None, float | None]:
    """The times at the ends of the interval of a share; null where one lies beyond all times."""
    low, high = share - Z * error, share + Z * error
    return _time(times, low), _time(times, high)


def _time(times: Sequence[float], share: float) -> float | None:
    """The time at a share, between two of the grid in proportion."""
    if not 0 <= share <= 1:
        return None
    place = share * (len(times) - 1)
    below = min(int(place), len(times) - 2)
    return times[below] + (place - below) * (times[below + 1] - times[below])
