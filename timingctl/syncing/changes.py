"""What differs between the rows that a file has and those that were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from timingctl.inboxes.contract import EVENTS, EXPORTED, at
from timingctl.inboxes.write import used_sql
from timingctl.schemas import TABLES
from timingctl.sql_text import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timingctl.warehouse import Warehouse

#: What the file is called that is brought up to date, as it was.
KEPT = "kept"
#: Of an event, what says when it was told, and what only says again what another column does.
_TOLD = {"id", "createdAt", "updatedAt"}
#: What makes a row that could not be used the same, wherever it was read.
REJECT_FACTS = ("table", "id", "column", "reason", "value")
#: What may have become of a row.
KINDS = ("added", "changed", "removed")


@dataclass(frozen=True)
class Rows:
    """What is compared: what the changes are called, and a row's key and columns."""

    relation: str
    key: str
    names: Sequence[str]


EVENT_ROWS = Rows(
    "event",
    "inboundMessageId",
    [column.name for column in EVENTS.columns if column.name not in _TOLD],
)


def take_read(warehouse: Warehouse, params: dict[str, object], given: Collection[str]) -> None:
    """Make ``read_<relation>`` of what is staged, and ``replaced_<relation>``, what it stands for.

    KEPT is the file as it was, and ``asked_lead`` has the leads that were read whole. Tables that
    were not `given`, by name, stay as they are.
    """
    _view_kept(warehouse)
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        columns = ", ".join(quoted(column.name) for column in exported.columns)
        warehouse.execute(
            f"create table read_{table.relation} as select {columns} from ({used_sql(table)})"
        )
    warehouse.create("asked_message", "sync")
    for table in TABLES:
        if table.name in given:
            warehouse.create(f"replaced_{table.relation}", "sync", params)
        else:
            warehouse.execute(
                f"create view replaced_{table.relation} as from kept_{table.relation}"
            )


def take_whole(warehouse: Warehouse, database: str) -> None:
    """Make ``read_<relation>`` of an attached inbox, and ``replaced_<relation>``: all of KEPT."""
    _view_kept(warehouse)
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        place = at(exported, database)
        warehouse.execute(f"create view read_{table.relation} as from {place}")
        warehouse.execute(f"create view replaced_{table.relation} as from kept_{table.relation}")


def _view_kept(warehouse: Warehouse) -> None:
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        warehouse.execute(f"create view kept_{table.relation} as from {at(exported, KEPT)}")


def make_changes(warehouse: Warehouse) -> None:
    """Make ``change_<relation>`` of every table, of what was taken, and what the changes touch."""
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        names = [column.name for column in exported.columns]
        relation = table.relation
        old = f"select * from kept_{relation} where id in (select id from replaced_{relation})"
        make_change(warehouse, Rows(relation, "id", names), old, f"from read_{relation}")
    for relation in ("touched_message", "touched_lead"):
        warehouse.create(relation, "sync")


def make_change(warehouse: Warehouse, rows: Rows, old: str, new: str) -> None:
    """Make ``change_<relation>``: one row a key whose row is not the same in both; id and kind."""
    sides = [", ".join(f"{side}.{quoted(name)}" for name in rows.names) for side in ("old", "new")]
    key = quoted(rows.key)
    warehouse.execute(f"""
        create table change_{rows.relation} as
        select
            coalesce(old.{key}, new.{key}) as id,
            case when old.{key} is null then 'added'
                when new.{key} is null then 'removed' else 'changed' end as kind
        from ({old}) as old full join ({new}) as new on new.{key} = old.{key}
        where row({sides[0]}) is distinct from row({sides[1]})
    """)


def other_rejects(warehouse: Warehouse, old: str, new: str) -> bool:
    """Whether two selects of rejects differ, but for where the rows stand."""
    names = ", ".join(map(quoted, REJECT_FACTS))
    sides = [f"select {names} from ({side})" for side in (old, new)]
    [(count,)] = warehouse.execute(
        f"select count(*) from (({sides[0]} except all {sides[1]}) "
        f"union all ({sides[1]} except all {sides[0]}))"
    )
    return bool(count)


def counted(warehouse: Warehouse, relation: str) -> dict[str, int]:
    """How many rows were added, changed and removed."""
    found = dict(
        warehouse.execute(f"select kind, count(*) from change_{relation} group by kind order by 1")
    )
    return {kind: found.get(kind, 0) for kind in KINDS}


def apply_changes(warehouse: Warehouse, database: str) -> None:
    """Bring the exports in an attached database from what KEPT had to what was read."""
    for table, exported in zip(TABLES, EXPORTED, strict=True):
        place, change = at(exported, database), f"change_{table.relation}"
        columns = ", ".join(quoted(column.name) for column in exported.columns)
        warehouse.execute(
            f"delete from {place} where id in (select id from {change} where kind <> 'added')"
        )
        warehouse.execute(
            f"insert into {place} ({columns}) select {columns} from read_{table.relation} "
            f"where id in (select id from {change} where kind <> 'removed')"
        )
