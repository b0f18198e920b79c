"""An export: one file, or one table of a database, and the shape of its columns."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from timingctl.errors import InputError
from timingctl.exports.files import FileState, state_of
from timingctl.exports.names import plain
from timingctl.seals import check_seal
from timingctl.sql_text import quoted
from timingctl.warehouse import SOURCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from timingctl.schemas import Column


#: What DuckDB says of a block that is not as it was written.
_DAMAGE = ("Corrupt database", "not read enough bytes")


@dataclass(frozen=True)
class Stored:
    """A table or a view of a DuckDB database, which is attached under a name."""

    schema: str
    name: str
    is_view: bool
    database: str = SOURCE

    @property
    def place(self) -> str:
        """Where it stands, as SQL."""
        return ".".join(map(quoted, (self.database, self.schema, self.name)))


@dataclass(frozen=True)
class Export:
    """One file, or one table of a database, that holds rows of one of our tables.

    `label` is how people and the manifest call it: relative to the source, never absolute.
    """

    path: Path
    label: str
    format: str  # one of names.py, or "database"
    state: FileState  # when it was found
    compression: str = "none"
    stored: Stored | None = None  # in a database
    partitions: tuple[tuple[str, str | None], ...] = ()  # columns that its folders' names say
    parts: tuple[Export, ...] = ()  # of a folder of events, in order; then `path` is the folder

    @property
    def files(self) -> tuple[Export, ...]:
        """What is read: its parts, or itself."""
        return self.parts or (self,)

    def partition(self, column: Column) -> tuple[str, str | None] | None:
        """The name and value of a column in the names of its folders, if it stands there."""
        wanted = plain(column.name)
        return next((pair for pair in self.partitions if plain(pair[0]) == wanted), None)

    @cached_property
    def is_sound(self) -> bool:
        """True, or `check_seal` raises. Each export is checked once."""
        check_seal(self.path, self.label)
        return True


@dataclass(frozen=True)
class Shape:
    """The columns of an export in order: their names and DuckDB types."""

    columns: tuple[tuple[str, str], ...]

    def find(self, column: Column) -> tuple[str, str] | None:
        """The export's own name and type of a column, in any case and style; or None."""
        return next(iter(self._by_plain_name.get(plain(column.name), [])), None)

    def names(self, column: Column) -> list[str]:
        """All of the export's own names of a column, in any case and style."""
        return [name for name, _ in self._by_plain_name.get(plain(column.name), [])]

    @cached_property
    def _by_plain_name(self) -> dict[str, list[tuple[str, str]]]:
        """The columns by their plain names, those that are alike in order."""
        found: dict[str, list[tuple[str, str]]] = {}
        for name, kind in self.columns:
            found.setdefault(plain(name), []).append((name, kind))
        return found


def each_file(exports: Iterable[Export]) -> list[Export]:
    """The exports, with parts in place of their folders."""
    return [file for export in exports for file in export.files]


@contextmanager
def unchanged(exports: Collection[Export]) -> Iterator[None]:
    """Hold this around reading exports, which takes more than one look at each file.

    Raises InputError for a file that changed since it was found, even where reading it failed.
    """
    exports = each_file(exports)
    with ExitStack() as stack:
        for path in {export.path for export in exports if export.stored}:
            stack.enter_context(undamaged(path))
        try:
            yield
        except Exception:
            _check_unchanged(exports)
            raise
    _check_unchanged(exports)


@contextmanager
def undamaged(database: Path) -> Iterator[None]:
    """Hold this around reading a DuckDB database: its blocks are checked as they are read.

    Raises InputError where one is not as it was written.
    """
    try:
        yield
    except duckdb.Error as error:
        if any(mark in str(error) for mark in _DAMAGE):
            damaged = f"{database} is a damaged DuckDB database; give another copy."
            raise InputError(damaged) from error
        raise


def _check_unchanged(exports: Iterable[Export]) -> None:
    for export in exports:
        with suppress(OSError):
            if state_of(export.path) == export.state:
                continue
        raise InputError(
            f"{export.label} changed while it was read; run this again when nothing writes to it."
        )
