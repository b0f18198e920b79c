"""The DuckDB session and the running of sql/ files in order.

A warehouse is one private database in memory that spills to one private folder; where memory is
limited it is a file in that folder. It is set up so that results depend on the data alone: UTC, no
extensions fetched, nothing read but what is given.
"""

from __future__ import annotations

import errno
import os
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import polars as pl
import pyarrow as pa
from duckdb.func import ARROW, SPECIAL

from timingctl.errors import SettingsError
from timingctl.scratch import outside, scratch_folder
from timingctl.sql_text import (
    PARAM,
    as_name,
    as_pattern,
    literal,
    log_name,
    macros,
    named,
    quoted,
    sql_text,
)
from timingctl.stop import waking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence


#: Rows a batch of a streamed result; a multiple of DuckDB's vector of 2,048.
BATCH_ROWS = 122_880

#: How much of the memory that a run may use is DuckDB's.
_DUCKDB_SHARE = 0.75

#: Statements as they were parsed, by their text: in any session they are the same. And how many
#: are kept: a build and all reports have some 600.
_PARSED: dict[str, duckdb.Statement | str] = {}
_STATEMENTS = 2_048

#: Why nothing more can be written to a place.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)

#: What part of DuckDB's memory a reader's buffer is, at most; and the units of its sizes.
_BUFFERS = 8
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB")

#: What the database is called whose tables are the exports.
SOURCE = "source"
#: What the database is called that an inbox is written into.
INBOX = "inbox"


@dataclass(frozen=True)
class Resources:
    """What a session may use. None leaves the choice to DuckDB, or to the system."""

    threads: int | None = None
    memory_limit: str | None = None
    temp_dir: Path | None = None
    batch_rows: int = BATCH_ROWS  # of a streamed result


class Relations(Protocol):
    """Who answers questions of relations: the session here, or an engine's."""

    def execute(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        """Run one query and return all of its rows; for small results."""

    def violations(self, check: str) -> list[tuple[Any, ...]]:
        """The rows of sql/checks/<check>.sql: none when all is well."""

    def create(self, relation: str, folder: str, params: dict[str, object] | None = None) -> None:
        """Make the relation of sql/<folder>/<relation>.sql, with the params it names."""

    def create_view(self, relation: str, folder: str) -> None:
        """Make the view that sql/<folder>/<relation>.sql describes; it can have no params."""

    def amend(
        self,
        relation: str,
        column: str,
        value: str,
        condition: str,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Give a column of a relation another value in the rows of a condition."""

    def gather(self, relation: str, columns: Sequence[str], queries: Sequence[str]) -> None:
        """Make a relation of the rows of queries with these columns of text."""

    def drop(self, relation: str) -> None:
        """Drop a relation that nothing reads any more."""


class Warehouse:
    """A DuckDB session with the tool's own ways of running SQL."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, batch_rows: int
    ) -> None:
        self._connection = connection
        self._folder = folder  # for what memory does not hold
        self._batch_rows = batch_rows

    def execute(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        """Run one statement and return all of its rows; for small results.

        Raises duckdb.Error; SettingsError when memory or the temporary folder does not suffice.
        """
        with self._running():
            return self._connection.execute(self._parsed(sql), params).fetchall()

    def _parsed(self, sql: str) -> duckdb.Statement | str:
        """A statement, parsed: of a small build parsing is a fifth, and the next has the same.

        Several statements stay text.
        """
        parsed = _PARSED.get(sql)
        if parsed is None:
            statements = self._connection.extract_statements(sql)
            parsed = statements[0] if len(statements) == 1 else sql
            if len(_PARSED) >= _STATEMENTS:
                _PARSED.clear()
            _PARSED[sql] = parsed
        return parsed

    def share_done(self) -> float:
        """How much of the running statement is done, from 0 to 1; for other threads to ask."""
        try:
            return max(self._connection.query_progress(), 0) / 100
        except duckdb.Error:  # the session is over
            return 0

    def create(self, relation: str, folder: str, params: dict[str, object] | None = None) -> None:
        """Make the table that sql/<folder>/<relation>.sql describes, with the params it names."""
        sql = sql_text(folder, relation)
        self.execute(
            f"/* sql/{folder}/{relation}.sql */ create table {relation} as\n{sql}",
            named(sql, params or {}),
        )

    def fill(
        self, place: str, columns: Sequence[str], sql: str, params: Mapping[str, object]
    ) -> None:
        """Add the rows of a query, with the params it names, to a table that has these columns."""
        names = ", ".join(map(quoted, columns))
        self.execute(f"insert into {place} select {names} from ({sql})", named(sql, params))

    def amend(
        self,
        relation: str,
        column: str,
        value: str,
        condition: str,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Give a column of a table another value in the rows of a condition."""
        self.execute(f"update {relation} set {quoted(column)} = {value} where {condition}", params)

    def gather(self, relation: str, columns: Sequence[str], queries: Sequence[str]) -> None:
        """Make a table of the rows of queries with these columns of text, one query at a time."""
        kept = ", ".join(f"{quoted(name)} varchar" for name in columns)
        self.execute(f"create table {relation} ({kept})")
        for query in queries:  # one by one: each may need all of the memory
            self.fill(relation, columns, query, {})

    def drop(self, relation: str) -> None:
        """Drop a table."""
        self.execute(f"drop table {relation}")

    def select(self, relation: str, folder: str, params: Mapping[str, object]) -> pl.DataFrame:
        """The rows that sql/<folder>/<relation>.sql describes, in its order; for small results."""
        sql = sql_text(folder, relation)
        return self.frame(f"/* sql/{folder}/{relation}.sql */\n{sql}", named(sql, params))

    def create_view(
        self, relation: str, folder: str, params: dict[str, object] | None = None
    ) -> None:
        """Make the view that sql/<folder>/<relation>.sql describes, with the params it names.

        A view has no params of its own: they are variables of the session, which DuckDB takes for
        constants when it plans a query. All views of a session are given the same; a session
        beside does not have them.
        """
        sql = sql_text(folder, relation)
        for name, value in named(sql, params or {}).items():
            self.execute(f"set variable {name} = $value", {"value": value})
        text = PARAM.sub(r"getvariable('\1')", sql)
        self.execute(f"/* sql/{folder}/{relation}.sql */ create view {relation} as\n{text}")

    def keep_only(self, relations: Collection[str]) -> None:
        """Drop the session's other tables and views, and with them the room that they take."""
        for name, kind in self.execute(
            "select table_name, 'table' from duckdb_tables() "
            "where database_name = current_database() union all "
            "select view_name, 'view' from duckdb_views() "
            "where database_name = current_database() and not internal order by 1"
        ):
            if name not in relations:
                self.execute(f"drop {kind} {quoted(name)}")

    def batches(self, sql: str) -> Iterator[pa.Table]:
        """The rows of a query, in its order where it has one, a batch at a time."""
        with self._running():
            batches = self._connection.sql(self._parsed(sql)).to_arrow_reader(self._batch_rows)
        while True:
            with self._running():
                batch = next(batches, None)
            if batch is None:
                return
            yield pa.Table.from_batches([batch])

    @contextmanager
    def beside(self) -> Iterator[Warehouse]:
        """A second session on the same tables, to write while this one's rows stream."""
        with self._connection.cursor() as cursor:
            yield Warehouse(cursor, self._folder, self._batch_rows)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Write what many statements do in one go: a disk is waited for once."""
        self.execute("begin")
        yield
        self.execute("commit")

    def attach(self, path: Path, name: str) -> None:
        """Attach a database to be written to by a name; make it where nothing is.

        Raises SettingsError for a path that DuckDB takes for a URL with parameters.
        """
        if "?" in str(path.absolute()):
            raise SettingsError(
                "DuckDB cannot write a database where a folder or file has a ? in its name; "
                "give another place by -o, or by --temp-dir for what is made meanwhile."
            )
        self.execute(f"attach {literal(as_name(path))} as {quoted(name)}")

    def place(self, relation: str) -> str:
        """Where a table of this warehouse stands, for a session beside."""
        [(database,)] = self.execute("select current_database()")
        return f"{quoted(str(database))}.{quoted(relation)}"

    def insert(self, rows: pa.Table, place: str) -> None:
        """Add rows to a table, by the names of its columns."""
        self.insert_batches(iter([rows]), rows.schema, place)

    def insert_batches(self, batches: Iterator[pa.Table], schema: pa.Schema, place: str) -> None:
        """Add the rows of batches to a table as they are made, by the names of its columns.

        While rows are being written the next batch is made. Raises what the batches raise.
        """
        failure: list[BaseException] = []

        def sound() -> Iterator[pa.RecordBatch]:
            """The batches up to one that fails: its error is not taken for one of the session."""
            try:
                for batch in batches:
                    yield from batch.to_batches()
            except BaseException as error:
                failure.append(error)

        reader = pa.RecordBatchReader.from_batches(schema, sound())
        self._connection.register("inserted", reader)
        try:
            self.execute(f"insert into {place} by name select * from inserted")
        finally:
            self._connection.unregister("inserted")
            if failure:
                raise failure[0]

    def reader(self, sql: str, rows: int) -> pa.RecordBatchReader:
        """The rows of a query as a stream of Arrow batches of so many rows."""
        return self._connection.sql(self._parsed(sql)).to_arrow_reader(rows)

    def rows(self, sql: str, params: object = None) -> pa.Table:
        """All rows of a query with a small result."""
        with self._running():
            return self._connection.sql(self._parsed(sql), params=params).to_arrow_table()

    def frame(self, sql: str, params: object = None) -> pl.DataFrame:
        """All rows of a query with a small result, as a frame."""
        return pl.DataFrame(self.rows(sql, params))

    def define(
        self, name: str, function: Callable[..., Any], parameters: Sequence[str], result: str
    ) -> None:
        """Let SQL call a function over Arrow arrays, one a parameter, that sees nulls too."""
        self._connection.create_function(
            name, function, [*parameters], result, type=ARROW, null_handling=SPECIAL
        )

    def buffer_bytes(self, most: int) -> int:
        """How large one of a reader's buffers may be: `most`, or what memory allows."""
        return min(most, int(self._memory / _BUFFERS))

    @cached_property
    def _memory(self) -> float:
        """How many bytes the session may use."""
        [(limit,)] = self.execute("select current_setting('memory_limit')")
        number, unit = limit.split()
        return float(number) * float(1024 ** (_UNITS.index(unit) + 1))

    def detach_written(self, name: str) -> None:
        """Let go of a database file with all that was written to it: by itself, without a log."""
        self.execute(f"checkpoint {quoted(name)}")
        self.execute(f"detach {quoted(name)}")

    def violations(self, check: str) -> list[tuple[Any, ...]]:
        """The rows of sql/checks/<check>.sql: none when all is well."""
        return self.execute(sql_text("checks", check))

    def only_these_files(self, files: Sequence[Path]) -> None:
        """From now on let the session read these files and its own folder, and nothing else.

        Raises SettingsError for relative paths where there is no current folder.
        """
        places = [one for path in files for one in (path, Path(os.path.realpath(path)))]
        paths = [name for path in places for name in (as_name(path), as_pattern(path))]
        # Attaching a database looks for its log; leaving one may write the log anew.
        paths += [f"{log_name(name)}{end}" for name in paths for end in ("", ".checkpoint")]
        try:
            self.execute("set allowed_paths = $paths", {"paths": paths})
            self.execute("set enable_external_access = false")
        except duckdb.IOException as error:
            raise SettingsError(
                "The current folder is gone, or its path is too long; "
                "go to another, or give files by their whole paths."
            ) from error
        self.execute("set lock_configuration = true")

    @contextmanager
    def _running(self) -> Iterator[None]:
        """A statement that a stop interrupts; what it lacks is said in a sentence."""
        try:
            with waking(self._connection.interrupt):
                yield
        except (duckdb.Error, OSError) as error:  # OSError: what Arrow makes of it as rows stream
            if str(error).startswith("Out of Memory Error"):
                raise SettingsError(
                    "Not enough memory: raise --memory-limit, lower --threads, "
                    "or give a roomier folder by --temp-dir."
                ) from error
            if str(self._folder) in str(error):
                reason = str(error).rpartition(": ")[2]
                raise SettingsError(
                    f"The temporary folder cannot be used: {reason}. Give another with --temp-dir."
                ) from error
            if full := _full(str(error)):
                raise SettingsError(full) from error
            raise
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # DuckDB's KeyboardInterrupt, without `listen`
                raise KeyboardInterrupt from None
            raise


def _full(error: str) -> str | None:
    """What to say of a database file that has no room where it is written."""
    reason = next((one for one in map(os.strerror, _NO_ROOM) if one in error), None)
    place = re.search(r'file "([^"]+)"', error)
    if reason is None or place is None:
        return None
    return f"{outside(Path(place[1]))} cannot be written to: {reason}."


@contextmanager
def temporary_folder(parent: Path | None) -> Iterator[Path]:
    """A private folder in the parent or the system's, gone afterwards.

    Raises SettingsError when there can be none.
    """
    with ExitStack() as stack:
        try:
            scratch = stack.enter_context(scratch_folder(parent))
        except OSError as error:
            where = parent or "the system's"
            raise SettingsError(
                f"No temporary folder in {where}: {error.strerror}. Give another with --temp-dir."
            ) from error
        yield scratch.room


def _share(memory_limit: str) -> str:
    """DuckDB's part of the memory that a run may use: the rest is for Python and for Arrow."""
    return re.sub(
        r"^\s*\d+(\.\d*)?", lambda number: f"{float(number[0]) * _DUCKDB_SHARE}", memory_limit
    )


@contextmanager
def open_warehouse(resources: Resources) -> Iterator[Warehouse]:
    """A fresh session, whose temporary folder is gone afterwards.

    Raises SettingsError when a resource cannot be had.
    """
    with temporary_folder(resources.temp_dir) as folder, duckdb.connect() as connection:
        warehouse = Warehouse(connection, folder, resources.batch_rows)
        warehouse.execute("set TimeZone = 'UTC'")
        warehouse.execute("set autoinstall_known_extensions = false")
        warehouse.execute("set autoload_known_extensions = false")
        warehouse.execute("set enable_progress_bar = true")  # counted for share_done, and not
        warehouse.execute("set enable_progress_bar_print = false")  # shown
        warehouse.execute("set arrow_large_buffer_size = true")  # a batch may have long ids
        warehouse.execute(f"set temp_directory = {literal(str(folder))}")
        if resources.threads is not None:
            warehouse.execute(f"set threads = {int(resources.threads)}")
        if resources.memory_limit is not None:
            try:
                warehouse.execute(f"set memory_limit = {literal(_share(resources.memory_limit))}")
            except duckdb.Error as error:
                raise SettingsError(
                    f"--memory-limit {resources.memory_limit!r} is no amount of memory; "
                    "write it like 2GB or 512MB."
                ) from error
            # Tables in a file need no memory while nobody reads them.
            warehouse.execute("set force_compression = 'uncompressed'")
            warehouse.attach(folder / "tables.duckdb", "warehouse")
            warehouse.execute("use warehouse")
            warehouse.execute("pragma disable_checkpoint_on_shutdown")
        for macro in macros():
            warehouse.execute(macro)
        yield warehouse
