"""Like for like: the AI's first responses beside setters' to the same kind of inbound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from timingctl.grid import NOTHING, Grid, Heading, count, percent
from timingctl.reports.dimensions import milliseconds
from timingctl.reports.relation import Relation
from timingctl.reports.section import About, Listed
from timingctl.reports.statistics import Z, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timingctl.reports.given import Given


class _Stratum(TypedDict):
    aiN: int
    setterN: int
    aiWroteBack: int
    setterWroteBack: int
    aiFollowed: int
    setterFollowed: int
    aiBooked: int
    setterBooked: int
    aiMature: int
    setterMature: int
    aiWithin: list[int]
    setterWithin: list[int]


class _Firsts(TypedDict):
    ai: int
    setter: int


MATCHED = Relation("matched_stratum", _Stratum)
FIRSTS = Relation("first_count", _Firsts)
#: Of a stratum: how many of the AI's responses have it, of how many; then of the setters'.
_Pair = tuple[int, int, int, int]


class Matched(TypedDict):
    """A share of the AI's and of setters' responses, weighted alike, and the difference.

    `ai` and `setter` are how many responses there are in strata that have both; `kinds` how many
    strata. All shares are null where there is none.
    """

    measure: str
    kinds: int
    ai: int
    setter: int
    aiShare: float | None
    setterShare: float | None
    difference: float | None
    differenceLow: float | None
    differenceHigh: float | None


class LikeForLike(Listed[Matched]):
    """Like for like."""

    name = "like-for-like"
    relations = (MATCHED, FIRSTS)
    record = Matched
    on_request = True
    reads_context = True

    def figures(self, given: Given) -> list[Matched]:
        """A row a share, and a note of what cannot be compared."""
        targets = given.options.targets
        places = sorted({milliseconds(target) for target in targets})
        strata = given.rows(MATCHED, targets=places)
        [firsts] = given.rows(FIRSTS)
        matched = sum(row["aiN"] + row["setterN"] for row in strata)
        if matched < firsts["ai"] + firsts["setter"]:
            left = firsts["ai"] + firsts["setter"] - matched
            given.notes.append(
                f"like-for-like: {left:,} of {firsts['ai'] + firsts['setter']:,} first responses "
                "are to inbounds of a kind that only the AI or only setters answered."
            )
        return [
            _matched(f"within{target}", _within(strata, places.index(milliseconds(target))))
            for target in targets
        ] + list(_outcomes(given, strata))

    def grids(self, figures: list[Matched], about: About) -> list[Grid]:
        """A row a share."""
        del about
        titles = ("Kinds", "AI n", "Setters n", "AI", "Setters", "AI − setters", "95% interval")
        rows = [
            [
                _title(row["measure"]),
                *(count(row[name]) for name in ("kinds", "ai", "setter")),
                percent(row["aiShare"]),
                percent(row["setterShare"]),
                _points(row["difference"]),
                _interval(row),
            ]
            for row in figures
        ]
        title = "Like for like: the AI and setters, same client, channel and hour of the week"
        return [Grid(title, [Heading("Share", number=False), *map(Heading, titles)], rows)]


def _within(strata: Sequence[_Stratum], place: int) -> Iterator[_Pair]:
    for row in strata:
        yield row["aiWithin"][place], row["aiN"], row["setterWithin"][place], row["setterN"]


def _outcomes(given: Given, strata: Sequence[_Stratum]) -> Iterator[Matched]:
    if given.has_inbox:
        yield _matched(
            "wroteBack",
            (
                (r["aiWroteBack"], r["aiFollowed"], r["setterWroteBack"], r["setterFollowed"])
                for r in strata
            ),
        )
    if given.has_bookings:
        yield _matched(
            "booked",
            ((r["aiBooked"], r["aiMature"], r["setterBooked"], r["setterMature"]) for r in strata),
        )


def _matched(measure: str, pairs: Iterable[_Pair]) -> Matched:
    """The difference of shares of Mantel and Haenszel, with Sato's variance (1989).

    With x of n of the AI's and y of m of the setters' in a stratum and N = n + m: a stratum weighs
    nm/N, and the variance is that of few or many responses a stratum alike.
    """
    both = [pair for pair in pairs if pair[1] and pair[3]]
    weight = sum(n * m / (n + m) for _, n, _, m in both)
    found: Matched = {
        "measure": measure,
        "kinds": len(both),
        "ai": sum(n for _, n, _, _ in both),
        "setter": sum(m for _, _, _, m in both),
        "aiShare": None,
        "setterShare": None,
        "difference": None,
        "differenceLow": None,
        "differenceHigh": None,
    }
    if not both:
        return found
    ai = sum(x * m / (n + m) for x, n, _, m in both) / weight
    setter = sum(y * n / (n + m) for _, n, y, m in both) / weight
    gap = ai - setter
    p = sum((n * n * y - m * m * x + n * m * (m - n) / 2) / (n + m) ** 2 for x, n, y, m in both)
    q = sum((x * (m - y) + y * (n - x)) / (2 * (n + m)) for x, n, y, m in both)
    error = math.sqrt(max(gap * p + q, 0)) / weight
    return {
        **found,
        "aiShare": plain(ai, 10),
        "setterShare": plain(setter, 10),
        "difference": plain(gap, 10),
        "differenceLow": plain(gap - Z * error, 10),
        "differenceHigh": plain(gap + Z * error, 10),
    }


def _title(measure: str) -> str:
    if measure.startswith("within"):
        return f"≤ {measure.removeprefix('within')}"
    return {"wroteBack": "Lead wrote back", "booked": "Booked"}[measure]


def _points(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{'−' if value < 0 else '+'}{abs(value) * 100:.1f}"


def _interval(row: Matched) -> str:
    if row["differenceLow"] is None or row["differenceHigh"] is None:
        return NOTHING
    return f"{_points(row['differenceLow'])} to {_points(row['differenceHigh'])}"
