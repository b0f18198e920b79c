"""What can be wrong in a Python function: a few operators a kind of node of its tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from typing import Any

from tests.mutants.mutant import Mutant, numbered

#: What an operator is taken for; both are of one kind.
_TAKEN_FOR: dict[type[ast.AST], tuple[type[Any], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.Mod: (ast.FloorDiv,), ast.FloorDiv: (ast.Mod,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip


def unchanged(text: str) -> str:
    """The module as mutants of it are written, without a change."""
    return ast.unparse(ast.parse(text))


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a module's functions and constants."""
    return numbered(_changes(ast.parse(text)))


def _changes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for place, statement in _that_run(tree):
        for node in list(ast.walk(statement)):
            for change, changed in _variants(node):
                _Swap(node, changed).visit(tree)
                yield f"{place}: {change}", ast.unparse(tree)
                _Swap(changed, node).visit(tree)


def _that_run(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The statements of functions, without docstrings, and constants; each with its name."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            for step in statement.body[1:]:
                yield statement.name, step
        if isinstance(statement, ast.Assign):
            yield ast.unparse(statement.targets[0]), statement


class _Swap(ast.NodeTransformer):
    """Puts a node where another stands."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _variants(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What the node may become, each with what is changed by that."""
    yield from _expressions(node)
    yield from _calls(node)
    match node:
        case ast.If() | ast.IfExp():
            for constant in (True, False):
                changed = copy(node)
                changed.test = ast.Constant(constant)
                yield f"if {ast.unparse(node.test)} → if {constant}", changed
        case ast.Subscript(value, index, ast.Load()):
            yield f"{ast.unparse(value)}: without [{ast.unparse(index)}]", value
        case ast.Assign([ast.Subscript()]):
            yield f"without {ast.unparse(node)}", ast.Pass()


def _expressions(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Operators and numbers."""
    match node:
        case ast.Compare(left, [operator], [right]):
            for kind in _TAKEN_FOR[type(operator)]:
                yield _into(node, ast.Compare(left, [kind()], [right]))
        case ast.BinOp(left, operator, right):
            for kind in _TAKEN_FOR.get(type(operator), ()):
                yield _into(node, ast.BinOp(left, kind(), right))
        case ast.BoolOp(operator, values):
            yield _into(node, ast.BoolOp(_TAKEN_FOR[type(operator)][0](), values))
            for value in values:
                rest = [other for other in values if other is not value]
                yield f"without {ast.unparse(value)}", ast.BoolOp(operator, rest)
        case ast.UnaryOp(_, operand):
            yield _into(node, operand)
        case ast.Constant(int(number)) if not isinstance(number, bool):
            yield _into(node, ast.Constant(number + 1))


def _calls(call: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A call without one of its named arguments; what it is called on, or with, instead of it."""
    if not isinstance(call, ast.Call):
        return
    match call.func:
        case ast.Attribute(ast.Name("np" | "pl"), name):
            if ast.unparse(call.func).startswith("np."):
                yield _into(call, call.args[0])
        case ast.Attribute(value, name):
            given = ", ".join(map(ast.unparse, [*call.args, *call.keywords]))
            yield f"without .{name}({given})", value
        case _:
            name = ast.unparse(call.func)
    for keyword in call.keywords:
        rest = [other for other in call.keywords if other is not keyword]
        yield f"{name}(): without {ast.unparse(keyword)}", ast.Call(call.func, call.args, rest)


def _into(node: ast.AST, changed: ast.AST) -> tuple[str, ast.AST]:
    return f"{ast.unparse(node)} → {ast.unparse(changed)}", changed
