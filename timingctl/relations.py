"""The order in which the relations of sql/ are made: each after what its file says it reads.

A file of sql/ names its inputs in a sentence ``-- Inputs: one, other.``; a test holds that
these are what the query reads.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from timingctl.sql_text import SQL_FOLDER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_INPUTS = re.compile(r"^-- Inputs: ((?:[\w, ]|\n-- )*)\.$", re.MULTILINE)


@cache
def inputs(folder: str) -> Mapping[str, tuple[str, ...]]:
    """What each relation of a folder of sql/ reads, in the order in which its file names them."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in SQL_FOLDER.glob(f"{folder}/*")}
    return {
        relation: tuple(found[1].replace("\n--", "").split(", "))
        for relation, text in sorted(texts.items())
        if (found := _INPUTS.search(text))
    }


def in_order(folder: str, *wanted: str, there: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """The wanted relations of a folder, and those of the folder that they are made from, in order.

    Each is given as (folder, relation). Those that are `there` before are left out, and what they
    alone are made from. The order depends on the files alone.
    """
    files, order = inputs(folder), dict[str, None]()

    def add(relation: str) -> None:
        if relation in files and relation not in {*order, *there}:
            for name in files[relation]:
                add(name)
            order[relation] = None

    for relation in wanted:
        add(relation)
    return tuple((folder, relation) for relation in order)


def tables_behind(folder: str, relation: str, views: Collection[str]) -> set[str]:
    """The tables that a query of a relation reads: views of its folder are looked through."""
    files, found = inputs(folder), set()
    for name in files[relation]:
        is_view = name in views and name in files
        found |= tables_behind(folder, name, views) if is_view else {name}
    return found


def read_last(
    relations: Sequence[tuple[str, str]], views: Collection[str], later: Collection[str]
) -> dict[str, set[str]]:
    """By table of some relations in order: those of them that nothing reads after it is made.

    What is read `later` is none of these.
    """
    tables = [(folder, name) for folder, name in relations if name not in views]
    read, found = set(later), dict[str, set[str]]()
    for folder, name in reversed(tables):
        behind = tables_behind(folder, name, views)
        found[name] = {one for one in behind - read if (folder, one) in tables}
        read |= behind
    return found
