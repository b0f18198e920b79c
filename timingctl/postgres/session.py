"""One connection to the app's database: running SQL, and saying in one sentence what went wrong.

Transactions are begun and ended in SQL, the driver being left in autocommit, so that it is plain
from the code what is one transaction. Every setting is local to one: poolers may be in between.
Outside of them the search path may be anybody's, so that names there are of pg_catalog by name.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from timingctl.errors import DatabaseError
from timingctl.extras import extra
from timingctl.postgres import settings
from timingctl.postgres.relations import relation
from timingctl.stop import left_to_itself, waking

with extra("postgres", "PostgreSQL"):
    import adbc_driver_manager
    from adbc_driver_postgresql import dbapi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from timingctl.postgres.dsn import Dsn

_T = TypeVar("_T")

#: What libpq says when no session comes about (it gives no code), and what we say. It may have
#: tried twice, with TLS and without: what the server says of the login tells more.
_REFUSALS = (
    (r"canceling statement due to", "gave no session: {reason}."),
    (
        r"authentication failed|no password supplied|role .* does not exist|authentication method",
        "refuses the user or password of {user}.",
    ),
    (r'database ".*" does not exist', "has no database {database}."),
    (r"permission denied for database", "does not let {user} into {database}: grant CONNECT."),
    (r"SSL|TLS|no encryption|certificate", "does not connect as sslmode asks: {reason}."),
    (r"no pg_hba.conf entry", "has no pg_hba.conf entry for {user} from here."),
    (r"too many clients|connection slots|too many connections", "has no connection left to give."),
    (
        r"refused|timed? ?out|translate host|not known|No such file|No route|unreachable",
        "cannot be reached: {reason}.",
    ),
)
#: What the server says of a statement, by SQLSTATE, and what we say.
_FAILURES = {
    "42501": "a right is missing: {reason}",
    "25006": "the server is read-only (a replica?)",
    "22021": "text is not in the encoding that it should be in: {reason}",
    "22P05": "text cannot be converted between the encodings: {reason}",
    "42P01": "{reason} (a trigger's function that names no schema wants SET search_path)",
    "42883": "{reason} (a trigger's function that names no schema wants SET search_path)",
    "40001": "the server cancelled the transaction; run it again",
    "40P01": "the server broke a deadlock; run it again",
    "42P10": "the table has no unique index on inboundMessageId; see `timingctl schema`",
    "55P03": "another session holds a lock for longer than --lock-timeout; run it again later",
    "57014": "it took longer than --statement-timeout, or the server was told to cancel it",
}
#: What poolers say of startup settings: PgBouncer, RDS Proxy.
_NO_OPTIONS = re.compile(r"unsupported startup parameter|command-line options|support the option")
#: What PgBouncer says of `begin` with pool_mode statement, before it closes the connection.
_STATEMENT_POOLING = re.compile(
    r"statement pooling mode|transaction blocks not allowed", re.IGNORECASE
)
_LOST_STATES = ("57P", "08")
_LOST = re.compile(r"server closed|terminating connection|connection .*lost|SYSCALL|no connection")
#: What a stream of rows ends with, which has no code.
_UNCODED = {
    "canceling statement": "57014",
    "invalid byte sequence": "22021",
    "no equivalent in encoding": "22P05",
}


class StatementError(DatabaseError):
    """The server refused a statement; `sqlstate` is why."""

    def __init__(self, sentence: str, sqlstate: str) -> None:
        super().__init__(sentence)
        self.sqlstate = sqlstate


class Session:
    """A connection, in autocommit outside of `transaction`."""

    def __init__(self, connection: dbapi.Connection, dsn: Dsn) -> None:
        self._connection, self.dsn = connection, dsn

    def rows(self, sql: str, *params: str) -> list[dict[str, Any]]:
        """Run a statement with $1, $2, … and return all of its rows; for small results."""

        def run(cursor: dbapi.Cursor) -> list[dict[str, Any]]:
            cursor.execute(sql, params or None)
            found: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
            return found

        return self._ask(run)

    def file(self, name: str, *params: str, **fragments: str) -> list[dict[str, Any]]:
        """The rows of sql/postgres/<name>.sql."""
        return self.rows(relation(name, **fragments), *params)

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query without params, in batches of some 16 MB, as they arrive."""
        with self._connection.cursor() as cursor:
            with self._working():
                cursor.execute(sql)
                batches = cursor.fetch_record_batch()
            while True:
                with self._working():
                    batch = next(batches, None)
                if batch is None:
                    return
                yield batch

    def schema(self, sql: str) -> pa.Schema:
        """The columns of a query without params, which is not run."""
        return self._ask(lambda cursor: cursor.adbc_execute_schema(sql))

    def ingest(self, table: str, batches: pa.RecordBatchReader) -> int:
        """Append Arrow batches to a temporary table; returns the number of rows."""

        def append(cursor: dbapi.Cursor) -> int:
            rows: int = cursor.adbc_ingest(table, batches, mode="append", db_schema_name="pg_temp")
            return rows

        return self._ask(append)

    def set(self, name: str, value: str, *, local: bool = True) -> None:
        """Set a setting for the transaction, or for the session."""
        scope = "true" if local else "false"
        self.rows(f"select pg_catalog.set_config($1, $2, {scope})", name, value)

    @contextmanager
    def transaction(
        self, mode: str, statement_timeout: str, *, keep: bool = True
    ) -> Iterator[None]:
        """A transaction in which every setting is ours, and nothing is found but by its schema.

        Rolled back on any error, or without `keep`; otherwise committed.
        """
        self.rows(f"begin {mode}")
        try:
            self.rows("set local search_path = pg_catalog, pg_temp")
            wanted = {**settings.in_transaction(), "statement_timeout": statement_timeout}
            self.file("session_setting", json.dumps(wanted))
            yield
        except BaseException:
            with suppress(adbc_driver_manager.Error), self._connection.cursor() as cursor:
                cursor.execute("rollback")  # also after a stop
            raise
        self.rows("commit" if keep else "rollback")

    def _ask(self, run: Callable[[dbapi.Cursor], _T]) -> _T:
        """What comes of a cursor that is closed afterwards."""
        with self._working(), self._connection.cursor() as cursor:
            return run(cursor)

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Work of the driver: a stop cancels what the server is at; its errors become ours."""
        try:
            with waking(self._connection.adbc_cancel):
                yield
        except (adbc_driver_manager.Error, OSError) as error:  # OSError: from a stream, no code
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> DatabaseError:
        sqlstate, reason = _told(error)
        if _STATEMENT_POOLING.search(str(error)):
            return DatabaseError(
                f"The pooler at {self.dsn.place} pools statements, and everything here is done in "
                "transactions; connect to a pool with pool_mode transaction or session, or to "
                "PostgreSQL itself."
            )
        if sqlstate.startswith(_LOST_STATES) or (not sqlstate and _LOST.search(str(error))):
            return DatabaseError(
                f"The connection to PostgreSQL at {self.dsn.place} was lost; what was not "
                "committed is undone. Run it again."
            )
        why = _FAILURES.get(sqlstate, "{reason}").format(reason=self.dsn.scrubbed(reason))
        return StatementError(f"PostgreSQL at {self.dsn.place} refused: {why}.", sqlstate)


def _told(error: Exception) -> tuple[str, str]:
    """The SQLSTATE (empty when the driver has none) and the server's own words."""
    details = {
        name: value.decode(errors="replace") for name, value in getattr(error, "details", [])
    }
    words = re.search(r"(?:ERROR|FATAL):\s+(.*)", str(error))
    reason = details.get("PG_DIAG_MESSAGE_PRIMARY") or (words[1] if words else str(error))
    sqlstate = getattr(error, "sqlstate", None) or ""
    if not sqlstate:
        sqlstate = next((code for words, code in _UNCODED.items() if words in reason), "")
    return sqlstate, reason.strip().split("\n")[0]


@contextmanager
def connect(dsn: Dsn) -> Iterator[Session]:
    """Open a session. Raises DatabaseError, in one sentence, when there is none to be had."""
    connection = _opened(dsn)
    try:
        yield Session(connection, dsn)
    finally:
        with suppress(adbc_driver_manager.Error):
            connection.close()


def _opened(dsn: Dsn) -> dbapi.Connection:
    """The connection, with our settings from its first statement on unless a pooler refuses them.

    The driver asks for the server's types before we can say anything.
    """
    refused = ""
    for conninfo in dsn.conninfos:
        try:
            with _libraries_silenced():  # nothing wakes libpq while it connects
                return left_to_itself(partial(dbapi.connect, conninfo, autocommit=True))
        except adbc_driver_manager.Error as error:
            refused = str(error)
            if not _NO_OPTIONS.search(refused):
                break
    raise DatabaseError(_refusal(dsn, refused))


@contextmanager
def _libraries_silenced() -> Iterator[None]:
    """What libpq prints on stderr goes nowhere; the driver takes it over once it is connected."""
    try:
        stderr = os.dup(2)
    except OSError:  # it is closed
        yield
        return
    with Path(os.devnull).open("wb") as nowhere:
        try:
            os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def _refusal(dsn: Dsn, text: str) -> str:
    """One sentence on why libpq gave no session, or the server none of the types of the driver."""
    told = text.partition("Failed to connect: ")[2] or text.rpartition("': ")[2]  # or to ask
    lines = told.strip().split("\n")
    words = re.search(r"(?:ERROR|FATAL):\s+(.*)", text)
    reason = dsn.scrubbed((words[1] if words else lines[0].rpartition("failed: ")[2]).rstrip("."))
    if re.match(r"invalid (URI query parameter|connection option)", reason):
        return f"The DSN has a parameter that PostgreSQL does not know ({reason})."
    known = (sentence for pattern, sentence in _REFUSALS if re.search(pattern, text))
    sentence = next(known, "gave no session: {reason}.").format(
        reason=reason or "it does not say why",
        user=dsn.given("user") or "the default user",
        database=dsn.database or "of the user's name",
    )
    return f"PostgreSQL at {dsn.place} {sentence}"
