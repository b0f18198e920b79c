"""Casts as SQL: a value as it was read becomes one of its column's kind, or its row unusable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.schemas import Kind
from timingctl.warehouse import literal, quoted

if TYPE_CHECKING:
    from timingctl.schemas import Column

_INEXACT = "number with a fraction or an exponent"
_SPACE = r"e' \t\n\r\f\v'"
_PLAIN_INSTANT = r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?'"
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
    Kind.INSTANT: ("VARCHAR", "TIMESTAMP", "DATE"),
} | dict.fromkeys(_BITS, ("VARCHAR", *_WHOLE_TYPES, *_FRACTION_TYPES))
_UNREADABLE = {Kind.INSTANT: "unreadable timestamp"} | dict.fromkeys(
    _BITS, "unreadable whole number"
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


def casting(column: Column, value: str, kind: str) -> Casting:
    """How a column is cast whose values stand in an export as `value`, of a DuckDB type `kind`."""
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
    typed = f"{_cast(_raw(column), column, kind)} as {quoted(column.name)}"
    return Casting(raw, typed, problems + _problems(column, kind))


def as_text(value: str, kind: str) -> str:
    """A value of a DuckDB type as text."""
    return f"{value} ->> '$'" if kind == "JSON" else f"{value}::varchar"


def _cast(value: str, column: Column, kind: str) -> str:
    """The column's value as its contract's type, null where it cannot be read."""
    text = f"nullif({value}::varchar, '')"
    match column.kind:
        case Kind.TEXT if column.longest:
            return f"left({text}, {column.longest})"
        case Kind.TEXT:
            return text
        case Kind.WORD:
            return f"nullif(lower(trim({value}::varchar, {_SPACE})), '')"
        case Kind.INTEGER | Kind.LONG if kind.startswith(_WHOLE_TYPES):
            return f"try_cast({value} as {_BITS[column.kind]})::bigint"
        case Kind.INTEGER | Kind.LONG:  # pandas writes whole numbers beside nulls as 1.0
            trimmed = f"trim({value}::varchar, {_SPACE})"
            whole = rf"regexp_full_match({trimmed}, '[+-]?\d+(\.0*)?')"
            return (
                f"case when {whole} "
                f"then try_cast(split_part({trimmed}, '.', 1) as {_BITS[column.kind]})::bigint end"
            )
        case Kind.INSTANT if kind == "VARCHAR":
            instant = (
                f"case when regexp_full_match({value}, {_PLAIN_INSTANT}) "
                f"then try_cast({value} as timestamp) "
                rf"when regexp_matches({value}, '^\s*\d{{4}}-') "
                f"then try_cast(trim({value}, {_SPACE}) as timestamptz)::timestamp end"
            )
        case Kind.INSTANT if kind == "TIMESTAMP WITH TIME ZONE":  # a cast asks a calendar: slow
            instant = f"make_timestamp(epoch_us({value}))"
        case Kind.INSTANT:
            instant = f"try_cast({value} as timestamp)"
    return f"case when {instant} between {_FIRST_INSTANT} and {_LAST_INSTANT} then {instant} end"


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
    return (
        f"when {condition} then {{'column': {literal(column.name)}, "
        f"'reason': {literal(reason)}, 'value': left({_raw(column)}::varchar, 200)}}"
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
