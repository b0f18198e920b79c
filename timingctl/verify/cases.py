"""Cases: folders of exports with the events that they must give.

A case may have ``expected.csv``, ``.parquet`` or ``.ndjson`` (the events) and ``options.toml``
(options of `timingctl build`; a path in it is relative to the case). An inbox is a case, too.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from timingctl.arguments import SETTER_RULES, WINDOW_WORDS
from timingctl.buckets.places import as_written, is_bucket
from timingctl.errors import InputError
from timingctl.exports.files import is_database
from timingctl.exports.find import find_in_folder
from timingctl.options import BuildOptions
from timingctl.schemas import TABLES
from timingctl.writer import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

OPTIONS_FILE = "options.toml"


@dataclass(frozen=True)
class Case:
    """A folder of exports; `expected` is the file of its events, where it has one.

    Of an inbox both are the inbox.
    """

    folder: Path
    expected: Path | None

    @property
    def is_inbox(self) -> bool:
        """Whether it is one file; its rows have no layout of their own."""
        return self.expected == self.folder

    @property
    def name(self) -> str:
        """What people call it: its path as it was given."""
        return str(self.folder)


def cases_in(folders: Sequence[Path]) -> list[Case]:
    """The cases that folders are, or hold, in the order given; those that one holds by name.

    Raises InputError for a folder that is no case and holds none.
    """
    return [case for folder in folders for case in _cases_in(folder)]


def _cases_in(folder: Path) -> list[Case]:
    if is_bucket(folder):
        raise InputError(
            f"{as_written(folder)} is in a bucket; copy the cases to this machine first."
        )
    if is_database(folder):  # an inbox, of which the events are expected that it has
        return [Case(folder, folder)]
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises where it may not look
        raise InputError(f"{folder} is no folder; give a case, a folder of cases, or an inbox.")
    if _is_case(folder):
        return [_case(folder)]
    found = [
        _case(path)
        for path in sorted(folder.iterdir())
        if path.is_dir() and not path.name.startswith(".") and _is_case(path)
    ]
    if not found:
        needed = ", ".join(table.name for table in TABLES if table.required)
        raise InputError(
            f"{folder} is no case and holds none: a case is a folder with exports of {needed}."
        )
    return found


def _is_case(folder: Path) -> bool:
    if _expectations(folder):
        return True
    required = [table for table in TABLES if table.required]
    return len(find_in_folder(folder, required).exports) == len(required)


def _case(folder: Path) -> Case:
    files = _expectations(folder)
    if len(files) > 1:
        names = " and ".join(file.name for file in files)
        raise InputError(f"{folder} has {names}; keep one.")
    return Case(folder, files[0] if files else None)


def _expectations(folder: Path) -> list[Path]:
    files = (folder / f"expected{suffix}" for suffix in FORMATS)
    return [file for file in files if file.is_file()]


def options_of(folder: Path, **more: Any) -> BuildOptions:
    """The options of a case, of its own exports unless told otherwise.

    Raises InputError for an options.toml that cannot be used.
    """
    return BuildOptions(**{"source": folder, **_given(folder), **more})


def _given(folder: Path) -> dict[str, Any]:
    file = folder / OPTIONS_FILE
    if is_database(folder) or not file.exists():
        return {}
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from error
    options = {}
    for name, value in given.items():
        if name not in _READERS:
            raise InputError(f"{file}: {name} is no option here; use {', '.join(_READERS)}.")
        try:
            options[name.replace("-", "_")] = _READERS[name](value, folder)
        except (TypeError, ValueError) as error:
            raise InputError(f"{file}: {name} cannot be {value!r}.") from error
    return options


def _instant(value: Any, _: Path) -> datetime:
    """An instant as TOML has it, or as text; without an offset it is UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant.replace(tzinfo=instant.tzinfo or UTC).astimezone(UTC)


def _windows(value: Any, folder: Path) -> Path | str:
    if value in WINDOW_WORDS:
        return str(value)
    path = folder / str(value)
    if not path.is_file():
        raise ValueError
    return path


def _text(value: Any, _: Path) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _rule(value: Any, _: Path) -> str:
    if value not in SETTER_RULES:
        raise ValueError
    return str(value)


def _flag(value: Any, _: Path) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_READERS: dict[str, Callable[[Any, Path], Any]] = {
    "as-of": _instant,
    "since": _instant,
    "until": _instant,
    "client": _text,
    "setter-rule": _rule,
    "delay-windows": _windows,
    "strict": _flag,
    "allow-rejects": _flag,
    "keep-bounces": _flag,
}
