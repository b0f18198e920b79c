"""Folders that data lakes write: columns in their names, and formats whose files are no table."""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from timingctl.errors import InputError
from timingctl.exports.names import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from timingctl.schemas import Table

#: How Hive, Spark and DuckDB write null in the name of a folder.
_NULL = "__HIVE_DEFAULT_PARTITION__"
#: Where Iceberg keeps what it knows of a table; what stands in it tells.
METADATA = "metadata"


def partitions_of(folders: Sequence[str], label: str) -> tuple[tuple[str, str | None], ...]:
    """The columns that ``channel=email/sentBy=ai/`` say, and their values.

    Raises InputError for a column that two folders name.
    """
    pairs = [folder.partition("=") for folder in folders]
    found = [
        (unquote(name), None if value == _NULL else unquote(value))
        for name, equals, value in pairs
        if equals and name
    ]
    names = [plain(name) for name, _ in found]
    for (name, _), key in zip(found, names, strict=True):
        if names.count(key) > 1:
            raise InputError(f"{label} has {name} twice among its folders; keep one.")
    return tuple(found)


def check_table_format(folder: Path, table: Table) -> None:
    """Raise InputError for a folder of a table format, of which not all files are rows of today."""
    for found, name, statement in (
        (folder / "_delta_log", "Delta Lake", _duckdb("delta", folder, table)),
        (folder / ".hoodie", "Hudi", _spark(folder, table)),
        (folder / METADATA, "Iceberg", _duckdb("iceberg", folder, table)),
    ):
        if _is_there(found):
            raise InputError(
                f"{folder} is a table of {name} ({found.name}), whose files hold deleted and "
                f"replaced rows, too. Make a plain table of it: {statement}"
            )


def _is_there(folder: Path) -> bool:
    """Whether a folder of a table format is there; one called metadata may be of anything."""
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises where it may not look
        return False
    with suppress(OSError):
        return folder.name != METADATA or any(
            name.endswith((".metadata.json", ".avro")) or name == "version-hint.text"
            for name in os.listdir(folder)  # noqa: PTH208
        )
    return False


def _duckdb(extension: str, folder: Path, table: Table) -> str:
    path = str(folder).replace("'", "''")
    sql = (
        f"INSTALL {extension}; LOAD {extension}; "
        f"COPY (FROM {extension}_scan('{path}')) TO '{table.name}.parquet'"
    )
    return f"duckdb -c {shlex.quote(sql) if chr(34) in sql else chr(34) + sql + chr(34)}"


def _spark(folder: Path, table: Table) -> str:
    return f'spark.read.format("hudi").load("{folder}").write.parquet("{table.name}.plain")'
