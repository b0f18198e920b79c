"""Responses counted by up to two dimensions: the one mechanism of all sections that break down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from timingctl.reports.dimensions import DIMENSIONS
from timingctl.reports.outcomes import Counts
from timingctl.reports.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from timingctl.reports.given import Given


class Counted(Counts):
    """A group of responses: speeds in ms, and how many came within each target (ms, rising).

    Of all, where that is asked for, there is a row that `isTotal`.

    `followed` are the leads that have had the time to write back, `wroteBack` those that did.
    """

    isTotal: bool
    firstKey: str | None
    secondKey: str | None
    n: int
    leads: int
    followed: int
    wroteBack: int
    meanMs: float
    quantilesMs: list[float]
    within: list[int]
    bookedAfterP50Ms: float | None


class _Covered(TypedDict):
    """What the data cover of the time asked for, on the zone's clock."""

    startsAfter: str | None
    endsAt: str | None


#: How covered_span.sql writes the start of a day.
_MIDNIGHT = " 00:00:00.000000"

BREAKDOWN = Relation("breakdown", Counted)
COVERED = Relation("covered_span", _Covered)


def counted(  # noqa: PLR0913 - what is asked of one relation
    given: Given,
    by: Sequence[str] = (),
    *,
    responses: str = "first",
    setters_only: bool = False,
    targets: Sequence[int] = (),
    leads: bool = False,
    total: bool = False,
) -> list[Counted]:
    """The groups of responses by dimensions, in the order of their keys, those without one last.

    `targets` rise, in ms. With `leads` the leads of each group are counted, and those that wrote
    back. With `total` the last row is that of all responses; there is none without one.
    """
    first, second, *_ = (*by, None, None)
    return given.rows(
        BREAKDOWN,
        first=first,
        second=second,
        all_responses=responses == "all",
        setters_only=setters_only,
        targets=list(targets),
        leads_wanted=leads,
        total_wanted=total,
    )


def setter_names(given: Given) -> dict[str, str]:
    """What the setters are called, by their keys."""
    rows = given.warehouse.execute("select userId, name from setter_name order by userId")
    return {f"user:{user}": name for user, name in rows}


def campaign_names(given: Given) -> dict[str, str]:
    """What the campaigns are called, by their ids."""
    rows = given.warehouse.execute(
        "select id, name from inbox_campaign where name is not null order by id"
    )
    return dict(rows)


def names_of(given: Given, dimension: str) -> dict[str, str]:
    """The names of a dimension's keys."""
    if not DIMENSIONS[dimension].is_named:
        return {}
    return campaign_names(given) if dimension == "campaign" else setter_names(given)


def following(period: str, key: str) -> str:
    """The first day of the period after the one that starts with a day."""
    start = date.fromisoformat(key)
    if period == "month":
        return (start.replace(day=1) + timedelta(days=31)).replace(day=1).isoformat()
    return (start + timedelta(days=7 if period == "week" else 1)).isoformat()


def every_period(period: str, keys: Sequence[str]) -> Iterator[str]:
    """All periods from the first to the last of some, in order."""
    key = min(keys, default="")
    while key and key <= max(keys):
        yield key
        key = following(period, key)


class Partial:
    """Which periods the data, or the time asked for, cover in part only."""

    def __init__(self, given: Given) -> None:
        [self._covered] = given.rows(COVERED)

    def __call__(self, *periods: tuple[str, str]) -> bool:
        """Whether a period is covered in part, by its name and key; of several what all have."""
        after, ends = self._covered["startsAfter"], self._covered["endsAt"]
        if after is None or ends is None:
            return True
        start = max(key for _, key in periods)
        end = min(following(*period) for period in periods)
        return after >= f"{start}{_MIDNIGHT}" or ends < f"{end}{_MIDNIGHT}"
