"""Which exports a source has for each table: found by name, or named one by one."""

from __future__ import annotations

import difflib
import glob
import os
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.exports.database import attach_database
from timingctl.exports.export import Export
from timingctl.exports.files import check_file
from timingctl.exports.guesses import WAYS_OUT, Guess, bare, guess
from timingctl.exports.lakes import check_table_format, partitions_of
from timingctl.exports.names import SUFFIXES, plain_table, split_name, table_named
from timingctl.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timingctl.schemas import Table
    from timingctl.warehouse import Warehouse


@dataclass(frozen=True)
class Found:
    """The exports of a source by table, and what the user should know of its other entries."""

    exports: dict[Table, list[Export]]
    notes: list[str] = field(default_factory=list)


def find_tables(warehouse: Warehouse, source: Path, wanted: Sequence[Table]) -> Found:
    """The exports of each wanted table in a folder or in a DuckDB database.

    Raises InputError for a source that is neither.
    """
    if _is_folder(source):
        return find_in_folder(source, wanted)
    if not os.path.lexists(source):
        raise InputError(f"{source} does not exist; give a folder of exports.")
    return Found(*attach_database(warehouse, source, wanted))


def find_in_folder(source: Path, wanted: Sequence[Table]) -> Found:
    """The exports of each wanted table in a folder; a table without any is absent.

    A name that is a table's, in any case and style, goes before one that only looks like it, as
    export tools write them; such a one counts where it is the only one. What looks like a table and
    is not read is told. Raises InputError when two entries could be one table, or when a link
    leads out.
    """
    chosen, notes = holders(source, wanted)
    in_order = sorted(chosen.items(), key=lambda pair: pair[1])
    return Found({table: _exports_of(table, entry, source) for table, entry in in_order}, notes)


def holders(source: Path, wanted: Sequence[Table]) -> tuple[dict[Table, Path], list[str]]:
    """Which entry of a folder holds each table, by its name alone; and what the user should know.

    Raises InputError when two could.
    """
    try:
        entries = sorted(path for path in source.iterdir() if not _is_hidden(path.name))
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}.") from error
    named: dict[Table, list[Path]] = {table: [] for table in wanted}
    alike: dict[Table, list[tuple[Path, Guess]]] = {table: [] for table in wanted}
    tables = {plain_table(table.name): table for table in wanted}
    for entry in entries:
        table = tables.get(plain_table(split_name(entry)[0]))
        if table and _is_export(entry):
            named[table].append(entry)
        elif found := guess(entry, wanted):
            alike[found.table].append((entry, found))
    chosen: dict[Table, Path] = {}
    notes: list[str] = []
    for table in wanted:
        holder = _chosen(table, named[table], alike[table], source)
        if holder:
            chosen[table] = holder
        notes += [_unread(table, path, holder, how) for path, how in alike[table] if path != holder]
        if holder and not named[table]:
            notes.append(f"{holder.name} is read as {table.name}: no other file has such a name.")
    return chosen, notes


def _is_export(entry: Path) -> bool:
    """Whether it is a folder or a file that is read; a link that leads nowhere may have been."""
    return (
        split_name(entry)[1] is not None or _is_folder(entry) or not os.path.exists(entry)  # noqa: PTH110
    )


def _chosen(
    table: Table, named: Sequence[Path], alike: Sequence[tuple[Path, Guess]], source: Path
) -> Path | None:
    """The one entry that holds a table. Raises InputError when several could."""
    readable = [(path, how) for path, how in alike if _is_export(path) and not how.is_near]
    offers = named or [path for path, how in readable if not how.is_part]
    parts = [path for path, how in readable if how.is_part]
    if not offers and parts:
        raise InputError(
            f"{parts[0].name} in {source} looks like a part of {table.name}; put all parts "
            f"in a folder {table.name}, or give --table {table.name}='GLOB of all parts'."
        )
    if len(offers) > 1:
        raise InputError(
            f"{table.name} could be {' or '.join(entry.name for entry in offers)} in "
            f"{source}; keep one, or name it: --table {table.name}={shlex.quote(str(offers[0]))}"
        )
    return offers[0] if offers else None


def _unread(table: Table, path: Path, instead: Path | None, how: Guess) -> str:
    """A sentence on an entry that looks like a table and is not read, with the way out."""
    give = f"it by --table {table.name}={'GLOB' if _is_folder(path) else 'FILE'}"
    if not _is_export(path):
        way_out = WAYS_OUT.get(path.suffix.lower(), "export it as one of these")
        why = f"it is none of {SUFFIXES}; {way_out}"
    elif how.is_near:
        why = f"it has another name; rename it, or give {give}"
    else:
        used = instead.name if instead else table.name
        why = f"{used} is. It may be an older or a newer copy: if that is meant, give {give}"
    return f"{path.name} looks like {table.name} and is not read: {why}."


def _exports_of(table: Table, entry: Path, source: Path) -> list[Export]:
    if _is_folder(entry):
        check_table_format(entry, table)
    files = sorted(_files_below(entry)) if _is_folder(entry) else [entry]
    if not files:
        raise InputError(f"{entry} is a folder without files of {SUFFIXES}.")
    return [_export(path, source) for path in files]


def _is_folder(path: Path | str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where it may not look


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is not data, by the convention of Spark and Hive."""
    return name.startswith((".", "_"))


def _files_below(folder: Path) -> Iterable[Path]:
    """The files in a table's folder. Raises InputError for what would be left out in silence."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}.") from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in folders:
            if Path(place, name).is_symlink():
                raise InputError(
                    f"{Path(place, name)} is a link to a folder, and such are not followed; "
                    "name the files behind it with --table."
                )
        for path in (Path(place, name) for name in names if not _is_hidden(name)):
            if split_name(path)[1] is None:
                raise InputError(
                    f"{path} is none of {SUFFIXES}; move it away, or let its name begin with _."
                )
            yield path


def _export(path: Path, source: Path) -> Export:
    state = check_file(path)
    if not path.resolve().is_relative_to(source.resolve()):
        raise InputError(
            f"{path} leads out of {source}; if that is meant, name the file with --table."
        )
    _, file_format, compression = split_name(path)
    label = path.relative_to(source).as_posix()
    partitions = partitions_of(path.relative_to(source).parts[:-1], label)
    return Export(path, label, file_format or "", state, compression, partitions=partitions)


def find_explicit(tables: Mapping[str, Sequence[str]]) -> dict[Table, list[Export]]:
    """The exports named by globs, by table.

    Raises InputError for a glob without a match, or a file that is given for two tables.
    """
    globs: dict[Table, list[str]] = {}
    for name, patterns in tables.items():
        globs.setdefault(table_named(name), []).extend(patterns)
    found = {table: _globbed(patterns) for table, patterns in globs.items()}
    for table, exports in found.items():
        for folder in dict.fromkeys(export.path.parent for export in exports):
            check_table_format(folder, table)
    owners: dict[Path, Table] = {}
    for table, exports in found.items():
        for export in exports:
            other = owners.setdefault(export.path.resolve(), table)
            if other is not table:
                raise InputError(
                    f"--table: {export.path} is given for {other.name} and for {table.name}; "
                    "give each its own."
                )
    return found


def _globbed(globs: Sequence[str]) -> list[Export]:
    exports: dict[Path, Export] = {}
    for pattern in globs:
        matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        paths = [pattern, *matches]  # a name with brackets may be meant literally
        files = [Path(path) for path in paths if os.path.lexists(path) and not _is_folder(path)]
        if not files:
            if _is_folder(pattern):
                raise InputError(f"--table: {pattern} is a folder; give {pattern}/* for its files.")
            raise InputError(f"--table: no file matches {pattern}.")
        exports |= {export.path.resolve(): export for export in map(export_of, files)}
    return sorted(exports.values(), key=lambda export: (export.label, str(export.path)))


def export_of(path: Path) -> Export:
    """The export in a file that was named explicitly.

    Raises InputError for what is no file that can be read, or has a foreign suffix.
    """
    state = check_file(path)
    _, file_format, compression = split_name(path)
    if file_format is None:
        raise InputError(f"{path} is none of {SUFFIXES}.")
    partitions = partitions_of(path.parts[:-1], str(path))
    return Export(path, path.name, file_format, state, compression, partitions=partitions)


def require_tables(source: Path, found: Found) -> None:
    """Raise InputError, with what to do, when a table that a build needs was not found."""
    missing = [table for table in TABLES if table.required and table not in found.exports]
    if missing:
        sentence = _missing_sentence(source, missing)
        looks = f" looks like {missing[0].name} "
        alike = [] if source.is_dir() else [note for note in found.notes if looks in note]
        raise InputError(" ".join([sentence, *alike]))


def _missing_sentence(source: Path, missing: Sequence[Table]) -> str:
    *others, last = [table.name for table in missing]
    names = f"{', '.join(others)} or {last}" if others else last
    way_out = f"Put e.g. {missing[0].name}.csv there, or give --table {missing[0].name}=FILE."
    if not source.is_dir():
        return f"No {names} among the tables of {source}."
    entries = sorted(path.name for path in source.iterdir())
    if not entries:
        return f"{source} is empty: no {names}. {way_out}"
    unread = [name for name in entries if not _is_export(source / name)
              and plain_table(bare(Path(name))) == plain_table(missing[0].name)]  # fmt: skip
    if unread:
        return f"No {names} in {source}: {unread[0]} is none of {SUFFIXES}."
    near = difflib.get_close_matches(missing[0].name, entries, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"No {names} in {source}.{hint} {way_out}"
