"""What can be wrong in a select, on the tree that sqlglot reads: a few operators a kind of node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from tests.mutants.mutant import Mutant, numbered

#: What a node is taken for, where both take the same arguments.
_TAKEN_FOR: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.EQ: (exp.NEQ,), exp.NEQ: (exp.EQ,),
    exp.LT: (exp.LTE, exp.GT), exp.LTE: (exp.LT, exp.GTE),
    exp.GT: (exp.GTE, exp.LT), exp.GTE: (exp.GT, exp.LTE),
    exp.And: (exp.Or,), exp.Or: (exp.And,),
    exp.Add: (exp.Sub,), exp.Sub: (exp.Add,),
    exp.Min: (exp.Max,), exp.Max: (exp.Min,),
    exp.ArgMin: (exp.ArgMax,), exp.ArgMax: (exp.ArgMin,),
    exp.Least: (exp.Greatest,), exp.Greatest: (exp.Least,),
    exp.First: (exp.Last,), exp.Last: (exp.First,),
}  # fmt: skip
#: Words that stand for the others of their column.
_OTHER_WORDS = {"inbound": "outbound", "outbound": "inbound", "setter": "ai", "ai": "setter"}

_Changes = Iterator[tuple[str, exp.Expr]]


class _Dialect(DuckDB):
    """DuckDB's, that also writes an ``ignore nulls`` of which sqlglot does not know."""

    class Generator(DuckDBGenerator):
        IGNORE_RESPECT_NULLS_WINDOW_FUNCTIONS: ClassVar[Any] = (
            *DuckDBGenerator.IGNORE_RESPECT_NULLS_WINDOW_FUNCTIONS,
            exp.First,
            exp.Last,
        )


def written(node: exp.Expr) -> str:
    """The node as SQL; an error where that would lose something."""
    text = node.sql(
        _Dialect, comments=False, normalize_functions="lower", unsupported_level=ErrorLevel.RAISE
    )
    return re.sub(r"\b(?<!')[A-Z]+\b(?!')", lambda word: word[0].lower(), text)


def unchanged(text: str) -> str:
    """The select as mutants of it are written, without a change."""
    return written(sqlglot.parse_one(text, dialect=_Dialect))


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a select."""
    return numbered(_changes(text))


def _changes(text: str) -> Iterator[tuple[str, str]]:
    tree = sqlglot.parse_one(text, dialect=_Dialect)
    for node in list(tree.walk(bfs=False)):
        cte = node.find_ancestor(exp.CTE)
        place = f"{cte.alias}: " if cte else ""
        for operator in (_logic, _values, _choices, _orders, _relations):
            for change, changed in operator(node):
                if node is tree:
                    yield place + change, written(changed)
                else:
                    node.replace(changed)
                    yield place + change, written(tree)
                    changed.replace(node)
        if isinstance(node, exp.Ordered) and _says_nulls(node, text):
            nulls_first = bool(node.args.get("nulls_first"))
            node.set("nulls_first", not nulls_first)
            said = "nulls first → nulls last" if nulls_first else "nulls last → nulls first"
            yield f"{place}{written(node.this)}: {said}", written(tree)
            node.set("nulls_first", nulls_first)


def _says_nulls(term: exp.Ordered, text: str) -> bool:
    """Whether the term's text says where nulls go, which the tree does not tell."""
    end = max(name.meta["end"] for name in term.find_all(exp.Identifier))
    return bool(re.match(r"\s+((asc|desc)\s+)?nulls\s", text[end + 1 :]))


def _logic(node: exp.Expr) -> _Changes:
    """Comparisons, and, or, not, is null."""
    if isinstance(node, exp.Connector) and type(node.parent) is not type(node):
        parts = list(node.flatten(unnest=False))
        for part in parts:
            rest = [other.copy() for other in parts if other is not part]
            combined = (exp.and_ if isinstance(node, exp.And) else exp.or_)(*rest)
            yield f"without {written(part)}", exp.paren(combined)
    if isinstance(node, exp.Not):
        yield _into(node, node.this.copy())
    if isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield _into(node, exp.Not(this=node.copy()))


def _values(node: exp.Expr) -> _Changes:
    """Operators, functions, constants."""
    for kind in _TAKEN_FOR.get(type(node), ()):
        changed = kind(**node.copy().args)
        yield _into(node, exp.paren(changed) if isinstance(node, exp.Connector) else changed)
    if isinstance(node, exp.Boolean | exp.Literal) and node.parent:
        changed = _other_constant(node)
        where = "" if isinstance(node.parent, exp.If | exp.Case) else f"{written(node.parent)}: "
        yield f"{where}{written(node)} → {written(changed)}", changed
    if isinstance(node, exp.Coalesce):
        for operand in (node.this, *node.expressions):
            yield _into(node, operand.copy())
    if isinstance(node, exp.Filter | exp.IgnoreNulls):
        yield _into(node, node.this.copy())


def _other_constant(node: exp.Boolean | exp.Literal) -> exp.Expr:
    if isinstance(node, exp.Boolean):
        return exp.Boolean(this=not node.this)
    if node.is_string:
        return exp.Literal.string(_OTHER_WORDS.get(node.this, f"not {node.this}"))
    return exp.Literal.number(int(node.this) + 1)


def _choices(node: exp.Expr) -> _Changes:
    """The branches of a case."""
    if isinstance(node, exp.Case) and node.this:  # its branches are values, not conditions
        for branch in node.args["ifs"]:
            rest = [other.copy() for other in node.args["ifs"] if other is not branch]
            if rest:
                yield f"without {_branch(branch)}", _with(node, ifs=rest)
    if isinstance(node, exp.If) and not (isinstance(node.parent, exp.Case) and node.parent.this):
        for constant in (exp.true(), exp.false()):
            yield f"{_branch(node)}: when {written(constant)}", _with(node, this=constant)
    if isinstance(node, exp.Case) and node.args.get("default"):
        yield f"without else {written(node.args['default'])}", _with(node, default=None)


def _branch(branch: exp.Expr) -> str:
    return f"when {written(branch.this)} then {written(branch.args['true'])}"


def _orders(node: exp.Expr) -> _Changes:
    """Orders, partitions and frames."""
    if isinstance(node, exp.Ordered):
        yield _into(node, _with(node, desc=not node.args.get("desc")))
    terms = node.args["order"].expressions if node.args.get("order") else []
    for term in terms:
        rest = [other.copy() for other in terms if other is not term]
        order = exp.Order(expressions=rest) if rest else None
        yield f"without order by {written(term)}", _with(node, order=order)
    partition = node.args.get("partition_by") or []
    for term in partition:
        rest = [other.copy() for other in partition if other is not term]
        yield f"without partition by {written(term)}", _with(node, partition_by=rest)
    if isinstance(node, exp.WindowSpec):
        yield _into(node, _with(node, start="current row", start_side=None))
        yield _into(node, _with(node, end="unbounded", end_side="following"))
        yield _into(node, _with(node, kind="range"))


def _relations(node: exp.Expr) -> _Changes:
    """Which rows there are: where, join, distinct."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        yield "without distinct", _with(node, distinct=None)
    where = node.args.get("where")
    if isinstance(node, exp.Select) and where and not isinstance(where.this, exp.And):
        yield f"without where {written(where.this)}", _with(node, where=None)
    if isinstance(node, exp.Join):
        table = f"join {written(node.this)}"
        if node.side:
            yield f"left {table} → {table}", _with(node, side=None)
        else:
            yield f"{table} → left {table}", _with(node, side="LEFT")
        if not isinstance(node.args["on"], exp.And):
            yield f"without on {written(node.args['on'])}", _with(node, on=exp.true())


def _with(node: exp.Expr, **parts: object) -> exp.Expr:
    """The node with other parts."""
    changed = node.copy()
    for name, part in parts.items():
        changed.set(name, part)
    return changed


def _into(node: exp.Expr, changed: exp.Expr) -> tuple[str, exp.Expr]:
    return f"{written(node)} → {written(changed)}", changed
