"""Unusable rows, taken over from an engine into a table here, which sorts and lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.engine.session import miscounted
from timingctl.engine.staging import rejects_sql
from timingctl.sql_text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.engine.session import Engine
    from timingctl.schemas import Table
    from timingctl.staging.account import Account
    from timingctl.warehouse import Warehouse

_COLUMNS = ("file", "row", "id", "column", "reason", "value")


def take_rejects(
    engine: Engine, warehouse: Warehouse, accounts: Mapping[Table, Account]
) -> list[str]:
    """Make ``engine_reject_<relation>`` here of each table with unusable rows.

    Returns the queries for them, in the order of table, file and row where these are known.
    """
    queries = []
    for table, account in accounts.items():
        if account.rejected:
            name = f"engine_reject_{table.relation}"
            warehouse.execute(
                f'create table {name} (file bigint, "row" bigint, id varchar, "column" varchar, '
                'reason varchar, "value" varchar)'
            )
            columns = ", ".join(map(quoted, _COLUMNS))
            for rows in engine.stream(f"select {columns} from ({rejects_sql(table)})"):
                warehouse.insert(rows, name)
            _check_count(engine, warehouse, name, account)
            queries.append(reject_query(table, account.files))
    return queries


def _check_count(engine: Engine, warehouse: Warehouse, name: str, account: Account) -> None:
    """Raise DatabaseError unless there are as many unusable rows as were counted."""
    [(listed,)] = warehouse.execute(f"select count(*) from {name}")
    counted = sum(account.rejected.values())
    if listed != counted:
        raise miscounted(engine, f"{listed:,} unusable rows where it had counted {counted:,}")


def reject_query(table: Table, labels: Sequence[str]) -> str:
    """A select of the table's unusable rows, as `staging.rejects.rejects_sql`."""
    names = ", ".join(map(literal, labels))
    return f"""
        select {literal(table.name)} as "table", ([{names}]::varchar[])[file + 1] as file,
            "row", id, "column", reason, "value"
        from engine_reject_{table.relation} as r
        order by r.file, "row", id, "column", reason, "value"
    """
