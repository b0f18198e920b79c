"""Rules as people write them: ``setter.p90 by client <= 15min``, on a line or in TOML."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from timingctl.errors import InputError, UsageError
from timingctl.reports.dimensions import DIMENSIONS, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What is measured of the responses of each of these.
RESPONDERS = ("response", "setter", "ai")
_TIMES = ("p50", "p90", "mean")
#: What a limit is of each measure: a duration, a share, or a count.
DURATION, SHARE, COUNT = "duration", "share", "count"
_KINDS = {
    **{f"{who}.{time}": DURATION for who in RESPONDERS for time in _TIMES},
    **{f"{who}.n": COUNT for who in RESPONDERS},
    "open.count": COUNT,
    "open.oldest": DURATION,
    "wait.p50": DURATION,
    "wait.p90": DURATION,
    "jobs.n": COUNT,
    "jobs.late_share": SHARE,
    "jobs.unsent_share": SHARE,
    "jobs.unexplained": COUNT,
    "neither.share": SHARE,
    "booked.rate": SHARE,
}
#: Of these there are no groups.
_WHOLE = ("wait", "jobs", "neither")
_WITHIN = re.compile(r"(response|setter|ai)\.within\((\w+)\)")
_RULE = re.compile(
    r"(?P<measure>\S+)(?:\s+by\s+(?P<by>\S+))?\s*(?P<sign><=|>=|<|>)\s*(?P<limit>\S+)"
    r"(?P<business>\s+business)?(?:\s+min\s+(?P<min_n>\d+))?"
)
_LIMIT = re.compile(r"(?P<sign><=|>=|<|>)?\s*(?P<limit>[\d.]+\s*[a-z%]*)(?P<business>\s+business)?")
_WAY_OUT = "write such as setter.p90 by client <= 15min"


@dataclass(frozen=True)
class Rule:
    """A rule: a measure, of all or of each group of a dimension, and what it may be.

    `limit` is in ms, a share, or a count. Groups of less than `min_n` are not looked at. Where
    there is nothing to measure a rule is broken, unless it may be empty.
    """

    text: str
    measure: str
    sign: str
    limit: float
    by: str | None = None
    within: str | None = None
    is_business: bool = False
    min_n: int = 1
    allow_empty: bool = False

    @property
    def kind(self) -> str:
        """What its limit is: a duration, a share, or a count."""
        return SHARE if self.within else _KINDS[self.measure]

    @property
    def of(self) -> str:
        """What is measured: the part of the measure before the dot."""
        return self.measure.partition(".")[0]

    @property
    def figure(self) -> str:
        """Which figure of that: the part behind it."""
        return self.measure.partition(".")[2]

    def holds(self, value: float) -> bool:
        """Whether a value is as the rule has it."""
        match self.sign:
            case "<=":
                return value <= self.limit
            case ">=":
                return value >= self.limit
            case "<":
                return value < self.limit
            case _:
                return value > self.limit


def rule(text: str) -> Rule:
    """The rule on a line. Raises UsageError, which says what it cannot be."""
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text.strip()!r} is no rule; {_WAY_OUT}.")
    try:
        return _rule(
            text.strip(), found["measure"], found["by"], found["sign"], found["limit"],
            is_business=bool(found["business"]), min_n=int(found["min_n"] or 1),
        )  # fmt: skip
    except UsageError as error:
        raise UsageError(f"{text.strip()!r}: {error}") from error


def rules_of(path: Path) -> list[Rule]:
    """The rules of a file: TOML with a table ``[[rule]]`` each.

    Raises InputError, naming the rule, for a file that cannot be read or has none.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        if _RULE.fullmatch(str(path).strip()):
            raise UsageError(f"{path} is no file; give a rule by --rule {str(path)!r}.") from error
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is no text in UTF-8; the inbox comes first, then the rules."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is no TOML: {error}.") from error
    strange = sorted(set(document) - {"rule"})
    tables = document.get("rule")
    if strange or not isinstance(tables, list) or not tables:
        what = f"has {strange[0]}" if strange else "has no rules"
        raise InputError(f"{path} {what}; write a table [[rule]] for each rule.")
    return list(_of_tables(path, tables))


_KEYS = {
    "measure": str, "limit": str, "by": str, "min_n": int, "business": bool, "allow_empty": bool,
}  # fmt: skip


def _of_tables(path: Path, tables: list[Any]) -> Iterator[Rule]:
    for number, table in enumerate(tables, 1):
        try:
            yield _of_table(table)
        except UsageError as error:
            raise InputError(f"{path}, rule {number}: {error}") from error


def _of_table(table: Any) -> Rule:
    if not isinstance(table, dict):
        raise UsageError("it is no table; write [[rule]] and its keys below.")
    for name, value in table.items():
        if name not in _KEYS:
            raise UsageError(f"there is no key {name}; the keys are {', '.join(_KEYS)}.")
        if not isinstance(value, _KEYS[name]) or (_KEYS[name] is int and isinstance(value, bool)):
            raise UsageError(f"{name} cannot be {value!r}.")
    for name in ("measure", "limit"):
        if name not in table:
            raise UsageError(f"it has no {name}.")
    found = _LIMIT.fullmatch(table["limit"].strip())
    if found is None:
        raise UsageError(f"limit cannot be {table['limit']!r}; write 15min, 5% or >= 80%.")
    sign, limit = found["sign"] or "<=", found["limit"].replace(" ", "")
    is_business = bool(found["business"]) or table.get("business", False)
    by = table.get("by")
    text = f"{table['measure']}{f' by {by}' if by else ''} {sign} {limit}"
    return _rule(
        text + (" business" if is_business else ""), table["measure"], by, sign, limit,
        is_business=is_business, min_n=table.get("min_n", 1),
        allow_empty=table.get("allow_empty", False),
    )  # fmt: skip


def _rule(  # noqa: PLR0913 - the parts of a rule
    text: str,
    measure: str,
    by: str | None,
    sign: str,
    limit: str,
    *,
    is_business: bool,
    min_n: int,
    allow_empty: bool = False,
) -> Rule:
    within = _WITHIN.fullmatch(measure)
    if within:
        measure = f"{within[1]}.within"
    elif measure not in _KINDS:
        known = ", ".join([*_KINDS, "response.within(5min)"])
        raise UsageError(f"there is no measure {measure}; there are {known}.")
    target = within[2] if within else None
    if target is not None:
        _duration(target)
    if by is not None:
        if by not in DIMENSIONS:
            raise UsageError(f"there is no dimension {by}; there are {', '.join(DIMENSIONS)}.")
        if measure.partition(".")[0] in _WHOLE:
            raise UsageError(f"{measure} has no groups; leave out by {by}.")
        if measure.startswith("open") and DIMENSIONS[by].of_responses:
            raise UsageError(f"nobody has responded to what is open; leave out by {by}.")
        if by == "setter" and measure.startswith("ai."):
            raise UsageError("the AI is no setter; leave out by setter.")
    kind = SHARE if within else _KINDS[measure]
    value = {DURATION: _duration, SHARE: _share, COUNT: _count}[kind](limit)
    return Rule(text, measure, sign, value, by, target, is_business, min_n, allow_empty)


def _duration(text: str) -> float:
    found = re.fullmatch(r"(\d+)(ms|s|min|h|d)", text)
    if found is None:
        raise UsageError(f"{text!r} is no duration; write 90s, 15min, 4h or 2d.")
    return milliseconds(text)


def _share(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", text)
    if found is None:
        raise UsageError(f"{text!r} is no share; write 5% or 99.5%.")
    return float(f"{found[1]}e-2")  # 0.7 / 100 is less than 0.007


def _count(text: str) -> float:
    if not re.fullmatch(r"\d+", text):
        raise UsageError(f"{text!r} is no count; write a whole number.")
    return int(text)
