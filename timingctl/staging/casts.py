"""Casts as SQL: a value as it was read becomes one of its column's kind, or its row unusable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from timingctl.schemas import SHOWN, Kind
from timingctl.sql_text import literal, quoted

if TYPE_CHECKING:
    from timingctl.schemas import Column

_INEXACT = "number with a fraction or an exponent"
_BLANKS = r"[ \t\n\r\f\x0B]*"
_SPACE = literal(" \t\n\r\f\v")  # as they are: DuckDB's e'\\v' is a v
_PLAIN_INSTANT = r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?'"
_OFFSET_INSTANT = r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?'"
#: Of zones only those that mean one thing: UTC by its names, and offsets, perhaps after a space.
_ANY_INSTANT = (
    r"'(?i)\s*\d{4}-\d{1,2}-\d{1,2}([ T]\s*\d{1,2}:\d\d(:\d\d([.,]\d+)?)?"
    r"(\s*(Z|UTC|GMT|[+-]\d\d(:?\d\d(:\d\d)?)?(\s+UTC)?))?)?\s*'"
)
_FIRST_INSTANT, _LAST_INSTANT = "timestamp '0001-01-01'", "timestamp '9999-12-31 23:59:59.999999'"
NOTHING = '"NULL"'  # the type of a Parquet column that pandas or Polars wrote without a value
_TEXT_TYPES = ("VARCHAR", "ENUM", "UUID")
_SIGNED_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_WHOLE_TYPES = (*_SIGNED_TYPES, *(f"U{kind}" for kind in _SIGNED_TYPES))
_FRACTION_TYPES = ("FLOAT", "DOUBLE", "DECIMAL")
#: The DuckDB types that hold whole numbers within their bits, and no others.
_BITS = {Kind.INTEGER: "integer", Kind.LONG: "bigint"}
_READABLE = {
    Kind.TEXT: (*_TEXT_TYPES, *_WHOLE_TYPES),
    Kind.WORD: _TEXT_TYPES,
    Kind.INSTANT: ("VARCHAR", "TIMESTAMP", "DATE", *_WHOLE_TYPES, *_FRACTION_TYPES),
} | dict.fromkeys(_BITS, ("VARCHAR", *_WHOLE_TYPES, *_FRACTION_TYPES))
NO_INSTANT = "unreadable timestamp"
_UNREADABLE = {Kind.INSTANT: NO_INSTANT} | dict.fromkeys(_BITS, "unreadable whole number")

#: What programs write for a null in a column of text, lower-case: pandas, Python, JavaScript,
#: DBeaver, psql, spreadsheets.
NULL_WORDS = (
    *("nan", "none", "null", "<na>", "[null]", "(null)", "<null>", "undefined"),
    *("nat", "nil", "#n/a", r"\n"),
)


#: One of them, in any case and between spaces. As one pattern: trimming each text is dear.
NULL_WORD = rf"(?i){_BLANKS}({'|'.join(map(re.escape, NULL_WORDS))}){_BLANKS}"


def is_null_word(value: str) -> str:
    """Whether a text, as SQL, is one of NULL_WORDS in any case; cheap where texts are long.

    A case: DuckDB computes both sides of an `and` for every row.
    """
    is_word = f"regexp_full_match({value}, {literal(NULL_WORD)})"
    return f"(case when strlen({value}) <= 12 then {is_word} else false end)"


@dataclass(frozen=True)
class Epoch:
    """What the numbers in a column of instants count since 1970: a unit, and its microseconds."""

    unit: str
    microseconds: Fraction

    def holds(self, least: int, most: int) -> bool:
        """Whether numbers from the least to the most are instants of the years 2000 to 2100."""
        first, last = (seconds * 10**6 / self.microseconds for seconds in _CENTURY)
        return first <= least and most <= last

    def instant(self, value: str, kind: str) -> str:
        """A value of a DuckDB type as the instant that it counts; null where it is no number."""
        number, scale = whole_number(value, kind), self.microseconds
        return f"make_timestamp({number} * {scale.numerator} // {scale.denominator})"


#: From 2000 on, and before 2100, in seconds.
_CENTURY = (946_684_800, 4_102_444_799)
#: No number counts an instant of this century in two of them.
EPOCHS = (
    Epoch("seconds", Fraction(10**6)),
    Epoch("milliseconds", Fraction(1000)),
    Epoch("microseconds", Fraction(1)),
    Epoch("nanoseconds", Fraction(1, 1000)),
)


def whole_number(value: str, kind: str) -> str:
    """A value of a DuckDB type as a whole number of 64 bits, null where it is none."""
    if kind.startswith(_WHOLE_TYPES):
        return f"try_cast({value} as bigint)"
    if is_number(kind):
        return f"case when {value} = trunc({value}) then try_cast({value} as bigint) end"
    text = f"trim({value}, {_SPACE})"  # pandas writes whole numbers beside nulls as 1.0
    return (
        rf"case when regexp_full_match({text}, '\d+(\.0*)?') "
        f"then try_cast(split_part({text}, '.', 1) as bigint) end"
    )


@dataclass(frozen=True)
class Casting:
    """A column on its way from an export to its contract, as SQL.

    `raw` is selected from the export, `typed` from that. `problems` are the branches of a `case`
    of all columns: the first that holds makes the row unusable.
    """

    raw: list[str]
    typed: str
    problems: list[str]


def casting(column: Column, value: str, kind: str, epoch: Epoch | None = None) -> Casting:
    """How a column is cast whose values stand in an export as `value`, of a DuckDB type `kind`.

    An `epoch` is what the numbers of a column of instants count.
    """
    raw, problems = [], []
    if kind == "JSON" and not column.longest:  # an object or an array is unusable, even as text
        raw.append(f"left({value}, 1) in ('{{', '[') as {_nested(column)}")
        problems.append(_branch(column, _nested(column), "nested value"))
        if column.kind is Kind.TEXT:  # DuckDB does not keep the digits of such numbers
            raw.append(f"regexp_matches({value}, '^-?[0-9].*[.eE]') as {_inexact(column)}")
            problems.append(_branch(column, _inexact(column), _INEXACT))
    if kind == "JSON":
        value, kind = as_text(value, kind), "VARCHAR"
    raw.append(f"{value} as {_raw(column)}")
    typed = epoch.instant(_raw(column), kind) if epoch else _cast(_raw(column), column, kind)
    typed = f"{typed} as {quoted(column.name)}"
    return Casting(raw, typed, problems + _problems(column, kind))


def as_text(value: str, kind: str) -> str:
    """A value of a DuckDB type as text."""
    return f"{value} ->> '$'" if kind == "JSON" else f"{value}::varchar"


def as_word(value: str) -> str:
    """A text, as SQL, in lower case without the space around it."""
    return f"lower(trim({value}, {_SPACE}))"


def _cast(value: str, column: Column, kind: str) -> str:
    """The column's value as its contract's type, null where it cannot be read."""
    text = f"nullif({value}::varchar, '')"
    match column.kind:
        case Kind.TEXT:
            return f"left({text}, {column.longest})" if column.longest else text
        case Kind.WORD:
            return f"nullif({as_word(f'{value}::varchar')}, '')"
        case Kind.INTEGER | Kind.LONG if kind.startswith(_WHOLE_TYPES):
            return f"try_cast({value} as {_BITS[column.kind]})::bigint"
        case Kind.INTEGER | Kind.LONG:  # pandas writes whole numbers beside nulls as 1.0
            exact = f"{value}::double" if kind == "FLOAT" else value  # its text has few digits
            trimmed = f"trim({exact}::varchar, {_SPACE})"
            whole = rf"regexp_full_match({trimmed}, '[+-]?\d+(\.0*)?')"
            return (
                f"case when {whole} "
                f"then try_cast(split_part({trimmed}, '.', 1) as {_BITS[column.kind]})::bigint end"
            )
        case Kind.INSTANT if kind == "VARCHAR":
            instant = (
                f"case when regexp_full_match({value}, {_PLAIN_INSTANT}) "
                f"then try_cast({value} as timestamp) "
                f"when regexp_full_match({value}, {_OFFSET_INSTANT}) "
                f"then try_cast({value} as timestamptz)::timestamp "
                f"when regexp_full_match({value}, {_ANY_INSTANT}) "
                f"then try_cast({_without_zone_name(value)} as timestamptz)::timestamp end"
            )
        case Kind.INSTANT if kind == "TIMESTAMP WITH TIME ZONE":  # a cast asks a calendar: slow
            instant = f"make_timestamp(epoch_us({value}))"
        case Kind.INSTANT if kind == "TIMESTAMPTZ_NS":  # as pandas writes instants in UTC
            instant = f"make_timestamp(epoch_us({value}::timestamptz))"
        case Kind.INSTANT if is_number(kind):  # of what, only all of the column can tell
            return "null::timestamp"
        case Kind.INSTANT:
            instant = f"try_cast({value} as timestamp)"
    return f"case when {instant} between {_FIRST_INSTANT} and {_LAST_INSTANT} then {instant} end"


def _without_zone_name(value: str) -> str:
    """An instant's text as DuckDB reads it: no name of UTC, no space before an offset, no comma."""
    named = rf"regexp_replace(trim({value}, {_SPACE}), '(?i)\s*(Z|UTC|GMT)$', '')"
    pointed = rf"regexp_replace({named}, ',(\d)', '.\1')"  # ISO 8601 allows either mark
    return rf"regexp_replace({pointed}, '\s+([+-])', '\1')"


def is_number(kind: str) -> bool:
    """Whether a DuckDB type holds numbers."""
    return kind.startswith((*_WHOLE_TYPES, *_FRACTION_TYPES))


def _problems(column: Column, kind: str) -> list[str]:
    """`when … then …` branches: what makes a row unusable by this column alone."""
    name, raw = quoted(column.name), _raw(column)
    branches = []
    if column.kind in _UNREADABLE:
        given = f"{raw} <> ''" if kind == "VARCHAR" else f"{raw} is not null"
        branches.append(_branch(column, f"{name} is null and {given}", _UNREADABLE[column.kind]))
    if column.key:
        branches.append(_branch(column, f"{name} is null", f"no {column.name}"))
    if column.allowed:
        known = ", ".join(literal(word) for word in column.allowed)
        branches.append(_branch(column, f"{name} not in ({known})", f"unknown {column.name}"))
    return branches


def _branch(column: Column, condition: str, reason: str) -> str:
    return branch(condition, column.name, reason, f"{_raw(column)}::varchar")


def branch(condition: str, column: str, reason: str, value: str) -> str:
    """A branch of the `case` that says why a row is unusable."""
    return (
        f"when {condition} then {{'column': {literal(column)}, "
        f"'reason': {literal(reason)}, 'value': left({value}, {SHOWN})}}"
    )


def _nested(column: Column) -> str:
    """The name of what tells whether a JSON value is an object or an array."""
    return quoted(f"nested {column.name}")


def _inexact(column: Column) -> str:
    """The name of what tells whether a JSON value is a number with a fraction or an exponent."""
    return quoted(f"inexact {column.name}")


def _raw(column: Column) -> str:
    """The name of the value as it was read."""
    return quoted(f"raw {column.name}")


def is_readable(duckdb_type: str, kind: Kind) -> bool:
    """Whether values of a DuckDB type can be of a kind; a column of nulls may have no type."""
    readable = (*_READABLE[kind], NOTHING)
    return duckdb_type.startswith(readable) and not duckdb_type.endswith("]")


def described(kind: Kind) -> str:
    """What values of a kind are called in a sentence."""
    names = {Kind.INSTANT: "timestamp"} | dict.fromkeys(_BITS, "whole number")
    return names.get(kind, "text")
