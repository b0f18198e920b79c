"""The SQL of sql/postgres with names and columns put in, and text and equality of any type.

A type that is not plain may have casts of its owner's making, which would run as whoever converts
or compares its values. They are converted by the type's own output and input instead, as when they
are stored and shown, and compared as text.
"""

from __future__ import annotations

import re

from timingctl.sql_text import quoted, sql_text

_FRAGMENT = re.compile(r"\{\{ (\w+) \}\}")


def relation(name: str, **fragments: str) -> str:
    """sql/postgres/<name>.sql with its fragments put in, in one pass: what is in them stays."""
    known = {"plain_type": sql_text("postgres", "plain_type"), **fragments}
    return _FRAGMENT.sub(lambda found: known[found[1]], sql_text("postgres", name))


def as_text(value: str, *, plain: bool) -> str:
    """The value as text; null stays null."""
    if plain:
        return f"{value}::text"
    return f"case when {value} is not null then format('%s', {value}) end"


def comparable(value: str, *, plain: bool) -> str:
    """What equality of the value can be asked of."""
    return value if plain else as_text(value, plain=False)


def typed(value: str, kind: str, *, plain: bool) -> str:
    """The text value as one of another type; null stays null."""
    if plain:
        return f"cast({value} as {kind})"
    return (
        f"(select typed.value from json_to_record(json_build_object('value', {value})) "
        f"as typed(value {kind}))"
    )


def same(column: str, *, plain: bool) -> str:
    """Whether the rows ``kept`` and ``excluded`` have the same value, not null, in a column."""
    kept, excluded = (
        comparable(f"{row}.{quoted(column)}", plain=plain) for row in ("kept", "excluded")
    )
    return f"{kept} = {excluded}"
