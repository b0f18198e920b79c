"""Rules held against an inbox: the figure of each group, and whether it is as it must be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict, cast

from timingctl.checks.rules import COUNT, DURATION, RESPONDERS, Rule
from timingctl.documents import iso
from timingctl.errors import InputError, SettingsError
from timingctl.grid import NOTHING, Grid, Heading, count, duration
from timingctl.reports.breakdown import counted, names_of
from timingctl.reports.by import OPEN_BREAKDOWN
from timingctl.reports.dimensions import DIMENSIONS, milliseconds
from timingctl.reports.figures import opened
from timingctl.reports.inbox_tables import no_inbox, unknown_filters
from timingctl.reports.outcomes import rate
from timingctl.reports.sections.summary import ANSWERS, JOB_SHARE, late_share
from timingctl.reports.sections.waits import WAITED
from timingctl.reports.sources import NO_BOOKINGS
from timingctl.reports.statistics import percentiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from timingctl.reports.given import Given
    from timingctl.reports.options import ReportOptions
    from timingctl.reports.window import Window

#: A group's key (null: all, or none), its figure (null: unknown) and of how many that is.
_Figure = tuple[str | None, float | None, int]


class Finding(TypedDict):
    """What breaks a rule: the group (null: all), its figure and of how many that is.

    `figure` is in ms, a share or a count; null where there is nothing to measure.
    """

    rule: str
    group: str | None
    figure: float | None
    limit: float
    n: int


class Held(TypedDict):
    """A rule: how many groups were looked at, were too small, and break it."""

    rule: str
    groups: int
    tooSmall: int
    broken: int


class CheckDocument(TypedDict):
    """The rules, and what breaks them."""

    asOf: str | None
    rules: list[Held]
    broken: list[Finding]


@dataclass(frozen=True, repr=False)
class Check:
    """What a check found, and notes for the user."""

    document: CheckDocument
    kinds: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Check(rules={len(self.document['rules'])}, broken={len(self.document['broken'])})"


def check(options: ReportOptions, rules: Sequence[Rule]) -> Check:
    """Hold rules against an inbox, each by the clock that it names.

    Raises InputError for a file that cannot be used, SettingsError for a rule in business time
    without business hours.
    """
    if options.hours is None and any(one.is_business for one in rules):
        raise SettingsError(
            "A rule in business time needs --business-hours, such as --business-hours "
            '"Mon-Fri 09:00-17:00".'
        )
    found: dict[Rule, list[_Figure]] = {}
    told = any(one.of == "booked" for one in rules)
    notes: list[str] = []
    as_of = None
    for is_business in sorted({one.is_business for one in rules}):
        asked = [one for one in rules if one.is_business == is_business]
        with opened(_clocked(options, asked, is_business=is_business)) as (
            given,
            sources,
            window,
            _,
        ):
            if not sources.has_inbox:
                raise InputError(no_inbox(options.named))
            _check_filters(given, window, sources.as_of)
            as_of = iso(sources.as_of)
            notes = [note for note in sources.notes if told or not note.startswith(NO_BOOKINGS)]
            found |= {one: list(_figures(given, one)) for one in asked}
    held = [_held(one, found[one]) for one in rules]
    notes += [
        f"{account['rule']}: too small to be looked at: {account['tooSmall']:,} of "
        f"{account['tooSmall'] + account['groups']:,} groups."
        for account, _ in held
        if account["tooSmall"] and (account["groups"] or not account["broken"])
    ]
    document: CheckDocument = {
        "asOf": as_of,
        "rules": [account for account, _ in held],
        "broken": [finding for _, findings in held for finding in findings],
    }
    return Check(document, {one.text: one.kind for one in rules}, notes)


def _clocked(options: ReportOptions, rules: Sequence[Rule], *, is_business: bool) -> ReportOptions:
    """The options of a report that has what rules measure, by the clock that they name."""
    by = [(one.by,) for one in rules if one.by]
    clocked = options if is_business else replace(options, hours=None, holidays=None)
    return replace(clocked, by=by or [("client",)], sections=())


def _check_filters(given: Given, window: Window, as_of: datetime | None) -> None:
    """Raise InputError for a filter that nothing can pass: a slip must not hold a rule."""
    clients = cast("list[str] | None", given.params["clients"]) or []
    strange = unknown_filters(given.warehouse, clients, given.options.channels)
    if strange:
        raise InputError(" ".join(strange))
    if why := window.why_empty(as_of):
        raise InputError(f"{why}.")


def _held(rule: Rule, figures: Sequence[_Figure]) -> tuple[Held, list[Finding]]:
    is_count = rule.kind == COUNT  # that there is nothing is a figure, too
    large = [one for one in figures if one[1] is not None and (is_count or one[2] >= rule.min_n)]
    broken = [
        _finding(rule, group, value, n)
        for group, value, n in large
        if value is not None and not rule.holds(value)
    ]
    if not large and not rule.allow_empty:
        broken = [_finding(rule, None, None, sum(n for _, _, n in figures))]
    return {
        "rule": rule.text,
        "groups": len(large),
        "tooSmall": len(figures) - len(large),
        "broken": len(broken),
    }, broken


def _finding(rule: Rule, group: str | None, value: float | None, n: int) -> Finding:
    return {"rule": rule.text, "group": group, "figure": value, "limit": rule.limit, "n": n}


def _figures(given: Given, rule: Rule) -> Iterator[_Figure]:
    """The figures of a rule's groups."""
    if rule.of in RESPONDERS or rule.of == "booked":
        found = _of_responses(given, rule)
    elif rule.of == "open":
        found = _of_open(given, rule)
    elif rule.of == "wait":
        found = _of_waits(given, rule)
    elif rule.of == "jobs":
        found = _of_jobs(given, rule)
    else:
        found = _of_neither(given)
    figures = list(found)
    if not (figures or (rule.by and rule.allow_empty)):
        if rule.kind == COUNT:  # there is none, or nobody waits: no lack of data
            yield None, 0, 0
        elif rule.of == "open":
            yield None, 0, rule.min_n
    names = names_of(given, rule.by) if rule.by else {}
    for key, value, n in figures:
        yield DIMENSIONS[rule.by].named(key, names) if rule.by else None, value, n


def _of_responses(given: Given, rule: Rule) -> Iterator[_Figure]:
    by = [rule.by] if rule.by else []
    whose = rule.of if rule.of in {"setter", "ai"} else None
    targets = [milliseconds(rule.within)] if rule.within else []
    rows = counted(
        given,
        [*by, "first-responder"] if whose else by,
        setters_only=rule.by == "setter",
        targets=targets,
    )
    if not by and not any(whose in {None, row["firstKey"]} for row in rows):
        yield None, 0 if rule.figure == "n" else None, 0
    for row in rows:
        keys = (row["firstKey"], row["secondKey"])
        if whose and keys[len(by)] != whose:
            continue
        n = row["n"]
        p50, p90 = percentiles(row["quantilesMs"], 2)
        values = {"n": n, "p50": p50, "p90": p90, "mean": row["meanMs"]}
        if rule.within:
            value: float | None = row["within"][0] / n
        elif rule.of == "booked":
            found = rate(row["booked"], row["notBooked"], row["bookedPending"])
            value, n = found["rate"], found["mature"]
        else:
            value = values[rule.figure]
        yield keys[0] if by else None, value, n


def _of_open(given: Given, rule: Rule) -> Iterator[_Figure]:
    given.make("open_wait")
    for row in given.rows(OPEN_BREAKDOWN, first=rule.by, second=None):
        value = row["open"] if rule.figure == "count" else row["longestOpenMs"]
        yield row["firstKey"], value, row["open"]


def _of_waits(given: Given, rule: Rule) -> Iterator[_Figure]:
    given.make("asked_wait")
    for row in given.rows(WAITED):
        if row["endedBy"] == "answered":
            p50, p90 = percentiles(row["quantilesMs"], 2)
            yield None, p50 if rule.figure == "p50" else p90, row["n"]


def _of_jobs(given: Given, rule: Rule) -> Iterator[_Figure]:
    given.make("job_inbound")
    given.make("asked_job")
    [row] = given.rows(JOB_SHARE)
    jobs = row["jobs"]
    figures = {
        "n": jobs,
        "late_share": late_share(row),
        "unsent_share": row["unsent"] / jobs if jobs else None,
        "unexplained": row["unexplained"],
    }
    yield None, figures[rule.figure], row["withWindow"] if rule.figure == "late_share" else jobs


def _of_neither(given: Given) -> Iterator[_Figure]:
    [row] = given.rows(ANSWERS)
    events = row["events"]
    yield None, row["byNeither"] / events if events else None, events


def check_grids(found: Check) -> list[Grid]:
    """What is broken, a row a group; nothing where all rules hold."""
    broken = found.document["broken"]
    headings = [
        Heading("Rule", number=False),
        Heading("Group", number=False, wide=True),
        Heading("Figure"),
        Heading("Limit"),
        Heading("n"),
    ]
    rows = [
        [
            one["rule"],
            one["group"] or NOTHING,
            *_words(found.kinds[one["rule"]], one["figure"], one["limit"]),
            count(one["n"]),
        ]
        for one in broken
    ]
    return [Grid("Broken", headings, rows, keys=2)] if rows else []


def _words(kind: str, figure: float | None, limit: float) -> list[str]:
    """A figure and its limit."""
    decimals = _decimals(figure, limit)

    def word(value: float) -> str:
        if kind == DURATION:
            return duration(value)
        return count(int(value)) if kind == COUNT else f"{value * 100:.{decimals}f}%"

    return ["no data" if figure is None else word(figure), word(limit)]


def _decimals(figure: float | None, limit: float) -> int:
    """How many a share in per cent needs so that it does not read like its limit; at least 2."""
    alike = (f"{(figure or 0) * 100:.{n}f}" == f"{limit * 100:.{n}f}" for n in range(2, 14))
    return next((n for n, same in enumerate(alike, 2) if not same), 2)
