"""SQL as text: the files of sql/ and their params, and names, strings and paths in a statement."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE = Path(__file__).parent
#: Inside a wheel the SQL travels in the package; in a checkout it lies beside it.
SQL_FOLDER = next(
    folder for folder in (_PACKAGE / "sql", _PACKAGE.parent / "sql") if folder.is_dir()
)
#: The folder of sql/ with rules over the columns of one row, which relations of any phase call.
MACROS = "macros"
#: How a file of sql/ names a param.
PARAM = re.compile(r"\$(\w+)")


def sql_text(folder: str, relation: str) -> str:
    """The bare select of a file of sql/."""
    return (SQL_FOLDER / folder / f"{relation}.sql").read_text(encoding="utf-8")


def macros() -> list[str]:
    """What makes each macro, in order."""
    return [
        path.read_text(encoding="utf-8") for path in sorted((SQL_FOLDER / MACROS).glob("*.sql"))
    ]


def named(sql: str, params: Mapping[str, object]) -> dict[str, object]:
    """The params that the SQL names; DuckDB takes no others."""
    names = set(PARAM.findall(sql))
    return {name: value for name, value in params.items() if name in names}


def quoted(identifier: str) -> str:
    """The identifier as SQL, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as a SQL string, whatever characters it has."""
    return "'" + text.replace("'", "''") + "'"


def as_pattern(path: Path) -> str:
    """The path as DuckDB's readers take it: a pattern that matches this file alone."""
    return re.sub(r"([*?\[])", r"[\1]", as_name(path))


def log_name(name: str) -> str:
    """What DuckDB calls the log of a database of this name: it takes ``?`` for a URL's."""
    return re.sub(r"\?|\Z", r".wal\g<0>", name, count=1)


def as_name(path: Path) -> str:
    """The path as DuckDB takes it: not as that of a home, nor with a scheme before it."""
    return str(path) if path.is_absolute() else f"./{path}"
