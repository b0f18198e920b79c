"""DuckDB's SQL as Spark's, which Sail speaks, too; params become literals."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from timingctl.documents import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

#: What Spark calls functions that DuckDB calls otherwise, where sqlglot does not know.
_FUNCTIONS = {"strlen": "octet_length", "hash": "xxhash64"}


def spark_sql(sql: str, params: Mapping[str, object] | None = None) -> str:
    """A statement in DuckDB's SQL as Spark takes it, with the params that it names as literals."""
    from sqlglot import exp

    given = params or {}

    def said(node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Placeholder():
                value = given[node.name]
                return exp.convert(iso(value) if isinstance(value, datetime) else value)
            case exp.Lower():  # of this letter DuckDB makes one, engines make two
                node.set("this", exp.func("replace", node.this, *map(exp.Literal.string, "İi")))
            case exp.RegexpFullMatch():
                whole = exp.Literal.string(rf"^(?:{node.expression.name})\z")
                return exp.RegexpLike(this=node.this, expression=whole)
            case exp.Anonymous() if node.name.lower() == "epoch_us":  # the session's zone is UTC
                instant = exp.cast(node.expressions[0], exp.DataType.Type.TIMESTAMPLTZ)
                return exp.Anonymous(this="unix_micros", expressions=[instant])
            case exp.Anonymous() if node.name.lower() in _FUNCTIONS:
                name = _FUNCTIONS[node.name.lower()]
                return exp.Anonymous(this=name, expressions=node.expressions)
        return node

    return str(_parsed(sql).transform(said).sql("spark", comments=False))


@cache
def _parsed(sql: str) -> exp.Expr:
    import sqlglot

    return sqlglot.parse_one(sql, dialect="duckdb")
