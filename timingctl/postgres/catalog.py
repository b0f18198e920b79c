"""What the database has and what the connected role may do with it, read from its catalogs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from timingctl.errors import DatabaseError
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timingctl.postgres.session import Session


@dataclass(frozen=True)
class StoredTable:
    """A table of the schema: its columns' types in order, an estimate of its rows, and rights.

    `plain` names the columns whose types are; sql/postgres/plain_type.sql says what that is.
    `may` names, by right (SELECT, INSERT, UPDATE, REFERENCES), the columns that the role has it on.
    """

    name: str
    types: Mapping[str, str]
    plain: frozenset[str]
    estimate: int
    may: Mapping[str, frozenset[str]]
    may_delete: bool
    owned: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key: pairs of an own column and the column of the other table it refers to."""

    table: str  # the other table, as SQL
    name: str  # the other table, as people call it
    columns: tuple[tuple[str, str], ...]
    readable: bool
    plain: bool  # whether all of these columns' types are


@dataclass(frozen=True)
class Place:
    """Who is connected to what: the facts that sentences and GRANTs need."""

    role: str
    database: str
    schema: str
    may_stage: bool
    may_create: bool

    def lacks(self, rights: Iterable[str]) -> DatabaseError:
        """The error that names the rights which are missing, ready to be granted."""
        grants = "; ".join(f"GRANT {right} TO {quoted(self.role)}" for right in rights)
        return DatabaseError(
            f"The role {self.role} lacks rights in {self.database}; its owner may say: {grants};"
        )


def place(session: Session) -> Place:
    """Where the session is. Raises DatabaseError for a schema that is not there or not usable."""
    schema = session.dsn.schema
    [found] = session.file("place", schema)
    if not found["schemaExists"]:
        raise DatabaseError(
            f"The database {found['database']} has no schema {schema}; give another by --schema."
        )
    here = Place(found["role"], found["database"], schema, found["mayStage"], found["mayCreate"])
    if not found["mayUse"]:
        raise here.lacks([f"USAGE ON SCHEMA {quoted(schema)}"])
    return here


def tables(session: Session, names: Iterable[str]) -> dict[str, StoredTable]:
    """Those of the named tables that the schema has, by name."""
    rows = session.file("table_column", session.dsn.schema, ",".join(names))
    return {
        name: _table(name, list(columns))
        for name, columns in groupby(rows, key=lambda row: str(row["table"]))
    }


def _table(name: str, columns: Sequence[Mapping[str, Any]]) -> StoredTable:
    def having(flag: str) -> frozenset[str]:
        return frozenset(row["column"] for row in columns if row[flag])

    return StoredTable(
        name,
        {row["column"]: row["type"] for row in columns},
        having("isPlain"),
        columns[0]["tableRows"],
        {right.upper(): having(f"may{right}") for right in ("Select", "Insert", "Update")}
        | {"REFERENCES": having("mayReference")},
        columns[0]["mayDelete"],
        columns[0]["isOwner"],
    )


#: What `push` cannot write into, as PostgreSQL calls it by a letter.
_NO_TABLES = {"v": "a view", "m": "a materialized view", "f": "a foreign table"}


@dataclass(frozen=True)
class Writing:
    """How a table is written to: in partitions, or under triggers, whose names `triggers` has."""

    partitioned: bool
    triggers: str


def writing(session: Session, table: str) -> Writing:
    """How the table is written to. Raises DatabaseError where rows would go, or be, elsewhere."""
    [found] = session.file("event_table", session.dsn.schema, table)
    why = None
    if kind := _NO_TABLES.get(found["kind"]):
        why = f"is {kind}, and push writes into tables alone; name the table's schema by --schema"
    elif found["rules"]:
        why = f"has a rule ({found['rules']}), by which rows may go elsewhere; drop or disable it"
    elif found["heirs"]:
        why = f"has tables that inherit from it ({found['heirs']}), whose rows no index compares"
    if why:
        raise DatabaseError(f"{table} of the schema {session.dsn.schema} {why}.")
    return Writing(found["kind"] == "p", found["triggers"] or "")


def references(session: Session, table: str) -> list[Reference]:
    """The foreign keys of a table of the schema."""
    rows = session.file("foreign_key", session.dsn.schema, table)
    found = []
    for _, group in groupby(rows, key=lambda row: str(row["name"])):
        pairs = list(group)
        other = pairs[0]
        found.append(
            Reference(
                f"{quoted(other['otherSchema'])}.{quoted(other['otherTable'])}",
                other["otherTable"],
                tuple((pair["column"], pair["otherColumn"]) for pair in pairs),
                all(pair["maySelect"] for pair in pairs),
                all(pair["isPlain"] for pair in pairs),
            )
        )
    return found
