"""A session on a Spark Connect engine, and the running of sql/ there: as warehouse.py, elsewhere.

Each relation is a folder of Parquet files in scratch, or a view. Statements are DuckDB's;
dialect.py says them in Spark's words. A relation that sql/engine has is made from that file.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from timingctl.engine.dialect import spark_sql
from timingctl.engine.faults import CONNECTING, Doing, engine_errors
from timingctl.errors import DatabaseError
from timingctl.scrubbing import scrubbed
from timingctl.sql_text import SQL_FOLDER, quoted, sql_text
from timingctl.stop import Stopped, left_to_itself

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.dataframe import DataFrame
    from pyspark.sql.types import StructType

    from timingctl.engine.address import Address
    from timingctl.engine.scratch import EngineScratch

_T = TypeVar("_T")

#: The folder of sql/ with the relations that are made otherwise on an engine.
FOLDER = "engine"
#: How long an engine has to say that it stops, in seconds.
LAST_WORDS_S = 2
#: The oldest versions that are known to give the right events.
OLDEST = {"Spark": (4, 0), "Sail": (0, 7)}

_log = logging.getLogger(__name__)


class Engine:
    """A session of Spark Connect with the tool's own ways of running SQL."""

    def __init__(self, session: SparkSession, address: Address, scratch: EngineScratch) -> None:
        self.scratch = scratch
        self._session, self._address = session, address
        self._doing = CONNECTING
        self._schemas: dict[str, StructType] = {}
        self._amended = 0
        self.kind, self.version = self._check_version()

    @property
    def knows_places(self) -> bool:
        """Whether it can say which file and row of it a row was read from."""
        return self.kind == "Spark"

    def doing(self, what: str) -> None:
        """What the next statements are for, should one fail."""
        self._doing = what

    def execute(self, sql: str, params: object = None) -> list[tuple[Any, ...]]:
        """Run one query and return all of its rows; for small results.

        Raises DatabaseError, or SettingsError when scratch does not suffice.
        """
        columns = (column.to_pylist() for column in self.rows(sql, params).itercolumns())
        return list(zip(*columns, strict=True))

    def rows(self, sql: str, params: object = None) -> pa.Table:
        """All rows of a query with a small result."""
        rows: pa.Table = self._run(lambda: self._query(sql, params).toArrow())
        return rows

    def stream(self, sql: str) -> Iterator[pa.Table]:
        """The rows of a query in no order, some at a time; for results of any size."""
        rows = self._run(lambda: self._query(sql))
        client = self._session.client
        batches = client.to_table_as_iterator(rows._plan.to_proto(client), {})
        while (batch := self._run(lambda: next(batches, None))) is not None:
            if isinstance(batch, pa.Table):  # the first is the schema
                yield batch

    def violations(self, check: str) -> list[tuple[Any, ...]]:
        """The rows of sql/checks/<check>.sql: none when all is well."""
        return self.execute(self.text("checks", check))

    def text(self, folder: str, relation: str) -> str:
        """The bare select of a relation, in DuckDB's words."""
        own = (SQL_FOLDER / FOLDER / f"{relation}.sql").is_file()
        return sql_text(FOLDER if own else folder, relation)

    def create(self, relation: str, folder: str, params: dict[str, object] | None = None) -> None:
        """Make the relation of sql/, with the params it names, as a folder in scratch."""
        self.keep(relation, self.text(folder, relation), params)

    def keep(
        self,
        relation: str,
        sql: str,
        params: Mapping[str, object] | None = None,
        by: str | None = None,
    ) -> None:
        """Write the rows of a query to scratch, as a relation.

        With `by`, a column of whole numbers, it is read by `part` alone.
        """

        def run() -> None:
            rows = self._query(sql, params)
            place = self.scratch.place(relation)
            rows.write.mode("error").parquet(place, partitionBy=by)
            schema = rows.schema
            if by is None:
                self._read([place], schema).createOrReplaceTempView(relation)
            self._schemas[relation] = type(schema)([f for f in schema.fields if f.name != by])

        self._run(run)

    def part(self, relation: str, by: str, value: int) -> pa.Table:
        """The rows of a relation that was kept by a column for one value, without the column."""
        place = f"{self.scratch.place(relation)}/{by}={value}"
        return self._run(lambda: self._read([place], self._schemas[relation]).toArrow())

    def create_view(self, relation: str, folder: str) -> None:
        """Make a view of a relation of sql/."""
        self.view(relation, self.text(folder, relation))

    def view(self, relation: str, sql: str, params: Mapping[str, object] | None = None) -> None:
        """Make a view of a query; one of the same name is replaced."""
        self._run(lambda: self._query(sql, params).createOrReplaceTempView(relation))

    def view_of_files(
        self, name: str, files: Sequence[str], columns: str, more: Sequence[str] = ()
    ) -> None:
        """Make a view of Parquet files that have these columns; `more` are hidden ones."""
        self._run(
            lambda: self._read(files, columns).select("*", *more).createOrReplaceTempView(name)
        )

    def amend(
        self,
        relation: str,
        column: str,
        value: str,
        condition: str,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Give a column another value in the rows of a condition."""
        self._amended += 1
        amended_relation = f"{relation}_{self._amended}"
        names: list[str] = self._run(lambda: self._session.table(relation).columns)
        every = ", ".join(map(quoted, names))
        amended = ", ".join(
            f"{value} as {quoted(name)}" if name == column else quoted(name) for name in names
        )
        self.keep(
            amended_relation,
            f"select {amended} from {relation} where {condition} "
            f"union all select {every} from {relation} where not coalesce({condition}, false)",
            params,
        )
        self.view(relation, f"from {amended_relation}")

    def gather(self, relation: str, columns: Sequence[str], queries: Sequence[str]) -> None:
        """Make a relation of the rows of queries with these columns of text."""
        names = ", ".join(map(quoted, columns))
        self.keep(
            relation, " union all ".join(f"select {names} from ({query})" for query in queries)
        )

    def drop(self, relation: str) -> None:
        """Remove a relation that nothing reads any more from scratch."""
        self.scratch.remove(relation)

    def keep_only(self, relations: Collection[str]) -> None:
        """Remove all others from scratch."""
        for relation in self._schemas.keys() - relations:
            self.drop(relation)

    def _query(self, sql: str, params: object = None) -> Any:  # what toArrow is no stub knows
        given: Mapping[str, object] = params if isinstance(params, dict) else {}
        return self._session.sql(spark_sql(sql, given))

    def _read(self, places: Sequence[str], schema: StructType | str) -> DataFrame:
        return self._session.read.schema(schema).parquet(*places)

    def _run(self, work: Callable[[], _T]) -> _T:
        """Let the engine work; a stop does not wait for it, but tells it."""
        try:
            with engine_errors(Doing(self._address, self.scratch.uri, self._doing)):
                return left_to_itself(work)
        except (Stopped, KeyboardInterrupt):
            self._interrupt()
            raise

    def _interrupt(self) -> None:
        """Ask the engine to stop what it does. Sail goes on, and that is said."""

        def ask() -> None:
            with suppress(Exception):
                self._session.interruptAll()

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(LAST_WORDS_S)
        if self.kind == "Sail" or asking.is_alive():
            _log.warning(
                "%s cannot be interrupted: the engine at %s goes on for a while with what it was "
                "doing (%s), and may write to %s again; remove that when it is idle.",
                *(self.kind, self._address.place, self._doing, scrubbed(self.scratch.uri)),
            )

    def _check_version(self) -> tuple[str, str]:
        """Which engine it is. Raises DatabaseError for one that is too old."""
        said, [(own,)] = self._run(lambda: self._session.version), self.execute("select version()")
        kind, version = ("Spark", said) if str(own).startswith(said) else ("Sail", str(own))
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if numbers < OLDEST[kind]:
            oldest = ".".join(map(str, OLDEST[kind]))
            raise DatabaseError(
                f"The engine at {self._address.place} is {kind} {version}; "
                f"timingctl needs {kind} {oldest} or newer."
            )
        return kind, version


def miscounted(engine: Engine, found: str) -> DatabaseError:
    """The error for rows that are lost, or there twice."""
    return DatabaseError(
        f"The engine gave {found}: a task that was repeated may have left a file twice in "
        f"{engine.scratch.uri}, or a worker does not see all of it. Run this again."
    )
